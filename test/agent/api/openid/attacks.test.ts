// Sign-ins that somebody else began, answers that were there before, and providers that lie, hang or are gone: each is one clear
// sentence, lets nobody in and keeps nobody out.
import test from 'ava';
import type { Lie } from '../../../../lab/openid/lies.ts';
import { serveOpenId } from './openid-api.ts';

const PASSWORD = 'correct horse battery';
const END = '/session/openid/end';
const OVER = {
  status: 401,
  code: 'sign-in-over',
  error:
    'You were not let in by this sign-in: it did not begin in this browser, was used already, or took too long. Sign in again.',
  cookies: [],
};

const LIES: readonly (readonly [Lie, RegExp])[] = [
  ['other issuer', /it is of another issuer\.$/],
  ['other audience', /it is for another client\.$/],
  ['other nonce', /it is of another sign-in\.$/],
  ['expired', /it is over \(do the clocks of both servers agree\?\)\.$/],
  ['wrong signature', /signature/],
  ['unknown key', /it is signed with a key that is not its own\.$/],
  ['no signature', /alg/],
  ['no token', /id_token|ID Token/],
  ['garbage', /JSON/i],
  ['fault', /its status is 500\.$/],
  ['redirect', /its status is 307\.$/],
  ['other user', /sub/],
];

for (const [lie, sentence] of LIES) {
  test(`a provider that answers with ${lie} lets nobody in`, async (t) => {
    const { provider, signIn, platform, audit, problems } = await serveOpenId(t);
    provider.lie = lie;
    const { status, code, error, cookies } = await signIn('c-1');
    t.deepEqual({ status, code, cookies }, { status: 502, code: 'provider-wrong', cookies: [] });
    t.regex(String(error), /^You were not let in: what https:\/\/[^\n]{20,}$/);
    t.regex(String(error), sentence);
    t.deepEqual(platform.accounts.users(), []);
    t.is(audit.length, 1);
    t.deepEqual(problems, []);
    provider.lie = undefined;
    t.like(await signIn('c-1'), { status: 200, user: 'carol' });
  });
}

test('a provider that is another than the configuration says sends nobody anywhere', async (t) => {
  const { provider, ask } = await serveOpenId(t);
  for (const lie of ['other discovery', 'page without TLS'] as const) {
    provider.lie = lie;
    const { status, cookies, url } = await ask('/session/openid', {});
    t.deepEqual({ status, cookies, url }, { status: 502, cookies: [], url: undefined }, lie);
  }
});

test('an answer of endless length is not kept', async (t) => {
  const { provider, signIn } = await serveOpenId(t);
  provider.lie = 'huge';
  const { status, error } = await signIn('c-1');
  t.is(status, 503);
  t.regex(String(error), /its answer is longer than 1048576 bytes/);
});

test('an answer counts once, in the browser that began, with its own state', async (t) => {
  const { ask, goAndReturn } = await serveOpenId(t);
  const [alice, mallory] = [await goAndReturn('c-1'), await goAndReturn('c-1')];
  const { answer } = alice;
  const [code, state] = ['code', 'state'].map((name) => new URLSearchParams(answer).get(name));
  t.like(await ask(END, { answer }), OVER);
  t.like(await ask(END, { answer }, { cookie: mallory.cookie }), OVER);
  t.like(await ask(END, { answer: `code=${code}` }, { cookie: alice.cookie }), OVER);
  t.like(await ask(END, { answer: `code=${code}&state=x` }, { cookie: alice.cookie }), OVER);
  t.like(await ask(END, { answer: '' }, { cookie: alice.cookie }), OVER);
  const twice = `${alice.cookie}; ${mallory.cookie}`;
  t.like(await ask(END, { answer }, { cookie: twice }), OVER);
  t.like(await ask(END, { answer }, { cookie: alice.cookie }), { status: 200, user: 'carol' });
  t.like(await ask(END, { answer }, { cookie: alice.cookie }), OVER);
  // The code of one sign-in with the state of another one: PKCE and the nonce are of that.
  const own = `code=${code}&state=${new URLSearchParams(mallory.answer).get('state')}`;
  t.not(state, undefined);
  const { status, error } = await ask(END, { answer: own }, { cookie: mallory.cookie });
  t.true(status >= 400, String(error));
});

test('no page of others begins or ends a sign-in, and nothing that is asked for leads elsewhere', async (t) => {
  const { ask, goAndReturn, platform } = await serveOpenId(t);
  const { cookie, answer } = await goAndReturn('c-1');
  for (const headers of [
    { origin: 'https://evil.example' },
    { 'sec-fetch-site': 'cross-site' },
    { 'x-walt-page': '0' },
  ]) {
    t.like(await ask('/session/openid', {}, { headers }), { status: 403, cookies: [] });
    t.like(await ask(END, { answer }, { cookie, headers }), { status: 403, cookies: [] });
  }
  for (const body of [{ next: 'https://evil.example' }, { redirect_uri: 'https://evil.example' }]) {
    t.like(await ask('/session/openid', body), { status: 400, code: 'bad-request' });
  }
  const { url } = await ask('/session/openid', {}, { headers: { 'x-forwarded-host': 'evil' } });
  const back = new URL(String(url)).searchParams.get('redirect_uri');
  t.regex(String(back), /^https:\/\/127\.0\.0\.1:\d+\/sign-in$/);
  t.deepEqual(platform.accounts.users(), []);
});

test('a session that was given to a browser is not the one that it has after it signed in', async (t) => {
  const { ask, goAndReturn, platform } = await serveOpenId(t);
  await platform.accounts.create('mallory', 'viewer', PASSWORD);
  const { secret } = await platform.accounts.sessions.begin('mallory');
  const given = `__Host-walt-session=${secret}`;
  const { cookie, answer } = await goAndReturn('c-1');
  const { cookies } = await ask(END, { answer }, { cookie: `${cookie}; ${given}` });
  t.false(cookies[0]?.startsWith(given));
  t.throws(() => platform.accounts.sessions.bySecret(secret), { message: /over/ });
});

test('while the provider is gone passwords work, and the page says so', async (t) => {
  const { ask, goAndReturn, platform, provider, problems } = await serveOpenId(t);
  await platform.accounts.create('alice', 'admin', PASSWORD);
  const { cookie, answer } = await goAndReturn('c-1');
  await provider.stop();
  const { status, code, error } = await ask(END, { answer }, { cookie });
  t.deepEqual({ status, code }, { status: 503, code: 'provider-down' });
  t.regex(String(error), /cannot be asked now: nothing listens there .* log in with a password\.$/);
  t.like(await ask('/session', { user: 'alice', password: PASSWORD }), { status: 200 });
  t.deepEqual(problems, []);
});

test('who asks a provider that is down is counted by nobody, and asks it once in five seconds', async (t) => {
  const { Provider } = await import('../../../../agent/access/openid/provider.ts');
  let now = 0;
  const { provider, ca } = await serveOpenId(t);
  provider.lie = 'hang';
  const asked = new Provider({
    ...{ issuer: provider.issuer, clientId: 'walt', scopes: ['openid'], ca },
    ...{ redirectUri: 'https://walt/sign-in', now: () => now, answerMs: 3000 },
  });
  const begun = () => t.throwsAsync(asked.begin(), { message: /it has not answered within 3 s/ });
  await Promise.all([begun(), begun(), begun()]);
  t.is(provider.asked.length, 1);
  now = 4999;
  await begun();
  t.is(provider.asked.length, 1);
  now = 5001;
  await begun();
  t.is(provider.asked.length, 2);
  provider.lie = undefined;
  now = 20_000;
  t.regex((await asked.begin()).url, /^https:/);
});

test('a provider is not asked for its keys again and again by answers that it did not sign', async (t) => {
  const { provider, signIn } = await serveOpenId(t);
  provider.lie = 'unknown key';
  for (let time = 0; time < 5; time += 1) t.is((await signIn('c-1')).status, 502);
  const asked = (path: string) => provider.asked.filter((one) => one === path).length;
  t.is(asked('/jwks'), 1);
  t.is(asked('/.well-known/openid-configuration'), 1);
  t.is(asked('/token'), 5);
});
