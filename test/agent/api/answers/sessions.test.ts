// The session of a browser: what the page may, what a page of somebody else may not, and how a session ends.
import test, { type ExecutionContext } from 'ava';
import type { ApiAnswers } from '../../../../agent/api/api-options.ts';
import { whoeverHasToken } from '../../../../agent/api/authorisation.ts';
import { type Call, ROLES } from '../../../../agent/api/calls/call.ts';
import { calls } from '../../../../agent/api/calls.ts';
import { buildApi } from '../../../../agent/api/routes.ts';
import { nodeNamed } from '../../../support/nodes/node-named.ts';
import { put } from '../../../support/put.ts';
import { startTestPlatform } from '../../cli/test-platform.ts';

const PASSWORD = 'correct horse battery';
const HOST = 'walt:8443';
const PAGE = {
  host: HOST,
  origin: `https://${HOST}`,
  'sec-fetch-site': 'same-origin',
  'x-walt-page': '1',
};
const LOOK = { host: HOST, 'sec-fetch-site': 'same-origin' };
const LOG_IN = '/api/v1/session';
const RENAME = '/api/v1/nodes/pc-1/rename';

type Headers = Readonly<Record<string, string>>;

async function open(t: ExecutionContext, others: Partial<ApiAnswers> = {}) {
  const platform = await startTestPlatform();
  const { accounts, registry } = platform;
  const identify = whoeverHasToken(accounts);
  const answers = { ...platform.answers, ...others };
  const api = buildApi(answers, { onProblem: (reason) => t.log(reason), identify });
  t.teardown(async () => {
    await api.close();
    await platform.close();
  });
  for (const role of ROLES) await accounts.create(`the-${role}`, role, PASSWORD);
  await put(registry, nodeNamed('pc-1', { ip: '127.0.152.11' }));
  const post = async (url: string, payload: object, headers: Headers) => {
    const {
      statusCode,
      body,
      headers: given,
    } = await api.inject({
      ...{ method: 'POST', url, headers, payload },
    });
    return { status: statusCode, ...JSON.parse(body), cookie: String(given['set-cookie'] ?? '') };
  };
  const get = async (url: string, headers: Headers) => {
    const { statusCode, body } = await api.inject({ method: 'GET', url, headers });
    return { status: statusCode, ...JSON.parse(body) };
  };
  const logIn = async (user = 'the-admin') => {
    const { cookie } = await post(LOG_IN, { user, password: PASSWORD }, PAGE);
    return cookie.split(';', 1)[0] ?? '';
  };
  return { platform, api, post, get, logIn };
}

test('a password begins a session whose cookie no script and no other site gets', async (t) => {
  const { post, get } = await open(t);
  const { status, user, role, cookie } = await post(
    LOG_IN,
    { user: 'the-user', password: PASSWORD },
    PAGE,
  );
  t.like({ status, user, role }, { status: 200, user: 'the-user', role: 'user' });
  t.regex(
    cookie,
    /^__Host-walt-session=[\w-]{43}; Path=\/; Secure; HttpOnly; SameSite=Strict; Max-Age=604800$/,
  );
  const [shown = ''] = cookie.split(';');
  t.like(await get('/api/v1/whoami', { ...LOOK, cookie: shown }), { user: 'the-user' });
});

for (const role of ROLES) {
  test(`each row is for a session of role ${role} what it says`, async (t) => {
    const stubs = Object.entries(calls).filter(([name]) => !name.startsWith('sessions.'));
    const answers = Object.fromEntries(stubs.map(([name]) => [name, async () => name]));
    const { api, logIn } = await open(t, answers as unknown as Partial<ApiAnswers>);
    const cookie = await logIn(`the-${role}`);
    for (const [name, { method, path, role: least }] of Object.entries<Call>(calls)) {
      const { statusCode } = await api.inject({ method, url: path, headers: { ...PAGE, cookie } });
      if (ROLES.indexOf(role) < ROLES.indexOf(least)) t.is(statusCode, 403, name);
      else t.false([401, 403].includes(statusCode), name);
    }
  });
}

const OTHER_PAGES: readonly (readonly [string, Headers, string])[] = [
  ['of another origin', { ...PAGE, origin: 'https://evil.example' }, 'other-origin'],
  ['of the same host by HTTP', { ...PAGE, origin: `http://${HOST}` }, 'other-origin'],
  ['without an origin of its own', { ...PAGE, origin: 'null' }, 'other-origin'],
  ['of another port', { ...PAGE, 'sec-fetch-site': 'same-site' }, 'other-origin'],
  ['of another site', { ...PAGE, 'sec-fetch-site': 'cross-site' }, 'other-origin'],
  [
    'typed by a person',
    { host: HOST, 'sec-fetch-site': 'none', 'x-walt-page': '1' },
    'other-origin',
  ],
  ['without the header', LOOK, 'no-page-header'],
  ['with a form', { ...LOOK, origin: `https://${HOST}` }, 'no-page-header'],
];

for (const [which, headers, code] of OTHER_PAGES) {
  test(`a page ${which} neither changes anything nor logs anybody in`, async (t) => {
    const { platform, post, logIn } = await open(t);
    const cookie = await logIn();
    t.like(await post(RENAME, { name: 'stolen' }, { ...headers, cookie }), { status: 403, code });
    t.not(platform.registry.byName('pc-1'), undefined);
    const refused = await post(LOG_IN, { user: 'the-user', password: PASSWORD }, headers);
    t.like(refused, { status: 403, code, cookie: '' });
  });
}

test('a page of another site sees nothing, and opens no WebSocket', async (t) => {
  const { get, logIn } = await open(t);
  const cookie = await logIn();
  t.like(await get('/api/v1/nodes', { ...LOOK, cookie }), { status: 200 });
  for (const headers of [
    { host: HOST, 'sec-fetch-site': 'cross-site' },
    { host: HOST, origin: 'https://evil.example' },
    { host: HOST, upgrade: 'websocket', connection: 'upgrade' },
  ]) {
    t.like(await get('/api/v1/nodes', { ...headers, cookie }), { status: 403 });
  }
});

test('a session that was given to a browser by somebody else is not the one that it has after it logged in', async (t) => {
  const { post, get, logIn } = await open(t);
  const given = await logIn('the-viewer');
  const body = { user: 'the-admin', password: PASSWORD };
  const { cookie } = await post(LOG_IN, body, { ...PAGE, cookie: given });
  t.false(cookie.startsWith(given));
  t.like(await get('/api/v1/whoami', { ...LOOK, cookie: given }), {
    status: 401,
    code: 'session-over',
  });
  const chosen = `__Host-walt-session=${'A'.repeat(43)}`;
  t.like(await get('/api/v1/whoami', { ...LOOK, cookie: chosen }), { code: 'session-over' });
  const two = `${given}; ${cookie.split(';', 1)[0]}`;
  t.like(await get('/api/v1/whoami', { ...LOOK, cookie: two }), { status: 401, code: 'no-token' });
});

test('a session ends by logging out, with the password, and with its user', async (t) => {
  const { platform, post, get, logIn } = await open(t);
  const state = async (cookie: string) => (await get('/api/v1/whoami', { ...LOOK, cookie })).status;
  const out = await logIn();
  t.is(await state(out), 200);
  const ended = await post('/api/v1/session/end', {}, { ...PAGE, cookie: out });
  t.regex(ended.cookie, /^__Host-walt-session=; .*Max-Age=0$/);
  t.is(await state(out), 401);
  const [changed, removed, other] = [
    await logIn('the-user'),
    await logIn('the-viewer'),
    await logIn(),
  ];
  await platform.accounts.change('the-user', { password: 'another long one' });
  await platform.accounts.remove('the-viewer');
  t.deepEqual(await Promise.all([changed, removed, other].map(state)), [401, 401, 200]);
});

test('a wrong password begins no session, and who guesses waits as for tokens', async (t) => {
  const { post } = await open(t);
  const guess = () => post(LOG_IN, { user: 'the-admin', password: 'guess' }, PAGE);
  for (let time = 0; time < 5; time += 1) t.like(await guess(), { status: 401, cookie: '' });
  t.like(await guess(), { status: 429, code: 'too-many-guesses' });
});

test('a secret of a session is no token, and a token no session', async (t) => {
  const { platform, get, logIn } = await open(t);
  const [, secret = ''] = (await logIn()).split('=');
  const asToken = { ...LOOK, authorization: `Bearer ${secret}` };
  t.like(await get('/api/v1/whoami', asToken), { status: 401, code: 'wrong-token' });
  const wish = { user: 'the-admin', name: 'test', days: 1, role: 'admin' } as const;
  const { token } = await platform.accounts.createToken(wish);
  const asSession = { ...LOOK, cookie: `__Host-walt-session=${token}` };
  t.is((await get('/api/v1/whoami', asSession)).status, 401);
  const both = { ...LOOK, cookie: `__Host-walt-session=${secret}`, authorization: 'Basic x' };
  t.is((await get('/api/v1/whoami', both)).status, 401);
});
