import test from 'ava';
import type { LoginFile } from '../../../../agent/cli/remote/login-file.ts';
import { namedByEnvironment, placeFor } from '../../../../agent/cli/remote/place.ts';

const LOGIN = { url: 'https://192.0.2.1:8443', user: 'carol', token: 'x' };
const NOTHING = {
  ...{ WALT_SOCKET: undefined, WALT_USUAL_SOCKET: undefined, WALT_SERVER: undefined },
  ...{ WALT_TOKEN: undefined, WALT_CA: undefined },
};

function fileWith(login: typeof LOGIN | undefined): LoginFile {
  return { path: '/x', read: () => login, write: () => undefined, remove: () => true };
}

const WORDS = ['node', 'show'];

test('placeFor() goes to the usual socket that is named where nothing else is, and nobody is logged in', (t) => {
  const env = { ...NOTHING, WALT_USUAL_SOCKET: '/platform' };
  t.deepEqual(placeFor(WORDS, env, fileWith(undefined)), { place: { socket: '/platform' } });
  const none = placeFor(WORDS, NOTHING, fileWith(undefined));
  t.deepEqual(none, { place: { socket: '/run/walt/walt-server.sock' } });
  const own = { ...env, WALT_SOCKET: '/own' };
  t.deepEqual(placeFor(WORDS, own, fileWith(LOGIN)), { place: { socket: '/own' } });
  const elsewhere = placeFor(WORDS, env, fileWith(LOGIN));
  t.like(elsewhere, { place: { remote: { url: LOGIN.url } }, user: 'carol' });
});

test('namedByEnvironment() is what wins over a login', (t) => {
  const { WALT_SERVER, WALT_SOCKET } = NOTHING;
  t.is(namedByEnvironment({ WALT_SERVER, WALT_SOCKET }), undefined);
  const socket = { WALT_SERVER: '', WALT_SOCKET: '/own' };
  t.deepEqual(namedByEnvironment(socket), { variable: 'WALT_SOCKET', value: '/own' });
  const both = { WALT_SERVER: 'https://x', WALT_SOCKET: '/own' };
  t.deepEqual(namedByEnvironment(both), { variable: 'WALT_SERVER', value: 'https://x' });
});
