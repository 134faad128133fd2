// Consoles by WebSocket: who may, what is said and typed, and who sends what is none.
import { once } from 'node:events';
import { request } from 'node:https';
import { connect } from 'node:tls';
import test, { type ExecutionContext } from 'ava';
import { type RawData, WebSocket } from 'ws';
import { nodeNamed } from '../../../support/nodes/node-named.ts';
import { put } from '../../../support/put.ts';
import { type Served, serveElsewhere } from '../../../support/remote/served.ts';
import { startTestPlatform, type TestPlatform } from '../../cli/test-platform.ts';

const NODE = nodeNamed('pc-1', { ip: '127.0.152.11', image: 'alice/pc:latest' });
const CONSOLE = '/api/v1/nodes/pc-1/console';

async function open(t: ExecutionContext) {
  t.timeout(120_000);
  const platform = await startTestPlatform();
  t.teardown(platform.close);
  await put(platform.registry, NODE);
  const served = await serveElsewhere(t, platform, { user: 'alice', role: 'user' });
  return { platform, served };
}

type Headers = Readonly<Record<string, string>>;

function dial({ url, tls, token }: Served, path: string, headers: Headers = {}) {
  const authorization = `Bearer ${token}`;
  const socket = new WebSocket(`${url.replace('https', 'wss')}${path}`, {
    ca: tls.cert,
    headers: { ...('cookie' in headers ? {} : { authorization }), ...headers },
  });
  const controls: { readonly type: string; readonly error?: string }[] = [];
  let said = '';
  socket.on('message', (data: RawData, isBinary: boolean) => {
    if (isBinary) said += String(data);
    else controls.push(JSON.parse(String(data)));
  });
  socket.on('error', () => undefined);
  return { socket, controls, said: () => said };
}

/** What the server answers in place of a WebSocket. */
async function refusal(served: Served, path: string, headers: Headers = {}) {
  const { socket } = dial(served, path, headers);
  const [, answer] = await once(socket, 'unexpected-response');
  let text = '';
  for await (const part of answer) text += part;
  return { status: answer.statusCode, ...JSON.parse(text) };
}

async function until(isSo: () => boolean): Promise<void> {
  for (let tries = 0; tries < 400 && !isSo(); tries += 1) {
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

function takesKeys({ consoles }: TestPlatform) {
  let typed = '';
  consoles.setInput(NODE.mac, 'serial', {
    type: async (bytes) => {
      typed += Buffer.from(bytes).toString('latin1');
    },
  });
  return () => typed;
}

test('bytes of the console come and keys go, and who types is told', async (t) => {
  const { platform, served } = await open(t);
  const typed = takesKeys(platform);
  await platform.consoles.hear(NODE.mac, 'serial', Buffer.from('before\r\n'));
  const first = dial(served, `${CONSOLE}?history=5`);
  await until(() => first.said() === 'before\r\n');
  t.is(first.said(), 'before\r\n');
  t.deepEqual(first.controls[0], { type: 'writer', writer: 'alice', isYou: true });
  t.like(first.controls[1], { type: 'said', source: 'serial' });
  first.socket.send(Buffer.from('root\r'));
  await until(() => typed() !== '');
  t.is(typed(), 'root\r');
  const second = dial(served, CONSOLE);
  await until(() => second.controls.length > 0);
  t.like(second.controls[0], { type: 'writer', isYou: false });
  second.socket.send(Buffer.from('no'));
  await until(() => second.controls.length > 1);
  t.regex(second.controls[1]?.error ?? '', /You do not type here/);
  second.socket.send('{"type":"take"}');
  await until(() => first.controls.some((one) => 'isYou' in one && one.isYou === false));
  second.socket.send(Buffer.from('yes'));
  await until(() => typed().endsWith('yes'));
  t.is(typed(), 'root\ryes');
  for (const text of ['{"type":"size"}', 'x', '[]', '{"type":"other"}']) second.socket.send(text);
  const errors = () => second.controls.filter(({ error = '' }) => /expected \{/.test(error));
  await until(() => errors().length === 4);
  t.is(errors().length, 4);
  first.socket.close(1000);
  second.socket.close(1000);
});

test('the same right as for every call, and no WebSocket of another page', async (t) => {
  const { platform, served } = await open(t);
  await put(platform.registry, nodeNamed('pc-2', { ip: '127.0.152.12', image: 'bob/pc:latest' }));
  const cases: readonly (readonly [string, Headers, number, string])[] = [
    [CONSOLE, { authorization: 'Bearer walt_foreign' }, 401, 'wrong-token'],
    [CONSOLE, { cookie: 'token=x', origin: served.url }, 401, 'no-token'],
    [CONSOLE, { origin: 'https://evil.example' }, 403, 'other-origin'],
    [CONSOLE.replace('pc-1', 'pc-2'), {}, 403, 'of-others'],
    [CONSOLE.replace('pc-1', 'none'), {}, 404, 'not-found'],
    [`${CONSOLE}?more=1`, {}, 400, 'bad-request'],
    ['/api/v1/nodes/pc-2/shell', {}, 403, 'of-others'],
    ['/api/v1/nothing', {}, 404, 'not-found'],
  ];
  for (const [path, headers, status, code] of cases) {
    const { error, ...answer } = await refusal(served, path, headers);
    t.deepEqual(answer, { status, code }, path);
    t.regex(error, /^[^\n]{10,}$/);
  }
  await platform.accounts.create('looks', 'viewer');
  const wish = { user: 'looks', name: 'test', days: 1, role: 'admin' } as const;
  const { token } = await platform.accounts.createToken(wish);
  t.like(await refusal({ ...served, token }, CONSOLE), { status: 403, code: 'no-right' });
});

test('a call that is no WebSocket is answered as ever, whatever protocol it asks for', async (t) => {
  const { served } = await open(t);
  const { port, tls, token } = served;
  const headers = { authorization: `Bearer ${token}` };
  const ask = async (path: string, more: Headers) => {
    const asking = request({
      host: '127.0.0.1',
      port,
      path,
      ca: tls.cert,
      agent: false,
      headers: { ...headers, ...more },
    });
    asking.end();
    const [answer] = await once(asking, 'response');
    answer.resume();
    return answer.statusCode;
  };
  t.is(await ask(CONSOLE, {}), 426);
  t.is(await ask('/api/v1/nodes', { connection: 'upgrade', upgrade: 'h2c' }), 200);
});

test('what goes on ends with the right to it: a console, and events', async (t) => {
  const { platform, served } = await open(t);
  const { accounts } = platform;
  const follow = async (token: string) => {
    const headers = { authorization: `Bearer ${token}` };
    const place = { host: '127.0.0.1', port: served.port, path: '/api/v1/events', agent: false };
    const asking = request({ ...place, ca: served.tls.cert, headers }).end();
    const [answer] = await once(asking, 'response');
    answer.on('error', () => undefined).resume();
    return answer;
  };
  const wish = { user: 'alice', name: 'other', days: 1, role: 'user' } as const;
  const kept = await accounts.createToken(wish);
  const revoked = await accounts.createToken(wish);
  const { socket: stays } = dial({ ...served, token: kept.token }, CONSOLE);
  const { socket: ends } = dial({ ...served, token: revoked.token }, CONSOLE);
  await Promise.all([once(stays, 'open'), once(ends, 'open')]);
  const events = await follow(revoked.token);
  const over = [once(ends, 'close'), new Promise((resolve) => events.once('close', resolve))];
  await accounts.revoke(revoked.stored.id, 'alice');
  await Promise.all(over);
  t.is(stays.readyState, WebSocket.OPEN);
  const last = once(stays, 'close');
  await accounts.change('alice', { role: 'viewer' });
  await last;
});

test('a console of a free node is that of its new user alone', async (t) => {
  const { platform, served } = await open(t);
  const typed = takesKeys(platform);
  const free = { ...NODE, image: 'waltplatform/pc-x86-64-default:latest' };
  await put(platform.registry, free);
  const { socket, controls, said } = dial(served, CONSOLE);
  await until(() => controls.length > 0);
  socket.send(Buffer.from('mine'));
  await until(() => typed() === 'mine');
  await put(platform.registry, { ...free, image: 'bob/pc:latest' });
  socket.send(Buffer.from('still'));
  await until(() => controls.some(({ type }) => type === 'error'));
  const over = once(socket, 'close');
  await platform.consoles.hear(NODE.mac, 'serial', Buffer.from('secret of bob'));
  await over;
  t.is(typed(), 'mine');
  t.is(said(), '');
  t.deepEqual(controls.map(({ type }) => type).slice(1), ['error', 'error']);
});

test('a WebSocket that is asked for ahead of an answer ends its connection alone', async (t) => {
  const { served } = await open(t);
  const { port, tls, token } = served;
  const upgrade = ['connection: upgrade', 'upgrade: websocket'];
  const heads = [
    ['GET /api/v1/nodes HTTP/1.1', 'host: x'],
    [`GET ${CONSOLE} HTTP/1.1`, 'host: x', ...upgrade],
  ];
  // Whoever has no token can send it, too.
  const socket = connect({ host: '127.0.0.1', port, ca: tls.cert });
  socket.on('error', () => socket.destroy()).resume();
  socket.write(heads.map((lines) => `${lines.join('\r\n')}\r\n\r\n`).join(''));
  await once(socket, 'close');
  const { socket: other } = dial({ ...served, token }, CONSOLE);
  await once(other, 'open');
  t.pass();
  other.close(1000);
});

test('frames that are too long end their own connection, and the server all of them', async (t) => {
  const { platform, served } = await open(t);
  takesKeys(platform);
  const harmed = dial(served, CONSOLE);
  const other = dial(served, CONSOLE);
  await until(() => harmed.controls.length > 0 && other.controls.length > 0);
  harmed.socket.send(Buffer.alloc(300 * 1024));
  await once(harmed.socket, 'close');
  await platform.consoles.hear(NODE.mac, 'serial', Buffer.from('here'));
  await until(() => other.said() === 'here');
  t.is(other.said(), 'here');
  const ended = once(other.socket, 'close');
  await served.close();
  const [code] = await ended;
  t.is(code, 1001);
});
