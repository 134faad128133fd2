// People sign in by a real provider through the API's HTTPS server: who they are then, and what becomes of it.
import test from 'ava';
import { serveOpenId } from './openid-api.ts';

const SESSION =
  /^__Host-walt-session=[\w-]{43}; Path=\/; Secure; HttpOnly; SameSite=Strict; Max-Age=604800$/;

test('a provider names somebody, who is a user with the role of their group from then on', async (t) => {
  const { ask, signIn, audit, platform, provider } = await serveOpenId(t);
  t.like(await ask('/session/ways', undefined), { status: 200, openId: 'OpenID' });
  const first = await signIn('c-1');
  t.like(first, { status: 200, user: 'carol', role: 'operator', isNew: true });
  t.is(first.provider, provider.issuer);
  const session = first.cookies.find((one) => SESSION.test(one)) ?? '';
  const [cookie = ''] = session.split(';');
  t.like(await ask('/whoami', undefined, { cookie }), { user: 'carol', role: 'operator' });
  t.like(await signIn('c-1'), { user: 'carol', isNew: false });
  t.is(platform.accounts.users().length, 1);
  const [line = '', again = ''] = audit;
  t.is(
    line,
    `carol (operator) from 127.0.0.1: sessions.endOpenId by OpenID of ${provider.issuer}, as a new user: done`,
  );
  t.false(again.includes('new user'));
  t.true(provider.asked.includes('/me'), 'groups are asked for where the ID token has none');
});

test('walt user show says where an account comes from', async (t) => {
  const { signIn, platform, provider } = await serveOpenId(t);
  await platform.accounts.create('alice', 'admin', 'correct horse battery');
  await signIn('c-1');
  const { out } = await platform.walt('user', 'show');
  t.regex(out, /alice +admin +password, tokens/);
  t.true(out.includes(`carol  operator  ${provider.issuer}`), out);
});

test('who has no role there has no account here, and neither has a name that is none', async (t) => {
  const { signIn, platform, audit } = await serveOpenId(t);
  await platform.accounts.create('alice', 'admin', 'correct horse battery');
  const refused: readonly (readonly [string, RegExp])[] = [
    ['d-1', /^You have no account here: your provider gives 'dave' no role of this server\. Ask/],
    ['e-1', /calls you 'erin@example\.org' \(claim preferred_username\), expected letters/],
    ['f-1', /calls you 'waltplatform' .*which nobody may be called here/],
    ['g-1', /there is a user 'alice' already, who is not the one of https:/],
    ['', /^Your provider did not let you in: nobody is called so\.$/],
  ];
  for (const [login, sentence] of refused) {
    const { status, error, cookies } = await signIn(login);
    t.true(status === 403 || status === 409, login);
    t.regex(String(error), sentence);
    t.deepEqual(cookies, []);
  }
  t.is(platform.accounts.users().length, 1);
  t.true(audit.every((line) => line.startsWith('sign-in by OpenID from 127.0.0.1: refused: ')));
  t.is(audit.length, refused.length);
});

test('a default role is for all whom no group gives one, and stays what an administrator makes of it', async (t) => {
  const { signIn, platform } = await serveOpenId(t, { defaultRole: 'viewer' });
  t.like(await signIn('d-1'), { status: 200, user: 'dave', role: 'viewer' });
  await platform.accounts.change('dave', { role: 'user' });
  t.like(await signIn('d-1'), { role: 'user', isNew: false });
});

test('nobody changes here what the provider says: a role by groups, a password', async (t) => {
  const { ask, signIn, platform } = await serveOpenId(t);
  const { cookies } = await signIn('c-1');
  const [cookie = ''] = cookies[0]?.split(';') ?? [];
  await platform.accounts.create('alice', 'admin');
  const wish = { user: 'alice', name: 'test', days: 1, role: 'admin' } as const;
  const { token } = await platform.accounts.createToken(wish);
  const role = await ask('/users/carol/change', { role: 'admin' }, { token });
  t.is(role.status, 409);
  t.regex(String(role.error), /says which role carol has \(api\.oidc\.roles\)/);
  const fresh = { old: '', password: 'correct horse battery' };
  const password = await ask('/password', fresh, { cookie });
  t.is(password.status, 409);
  t.regex(String(password.error), /you sign in by https:.* and have no password here/);
  t.like(await ask('/whoami', undefined, { cookie }), { role: 'operator', hasPassword: false });
});

test('the session and the tokens of who is disabled end, and they do not come in again', async (t) => {
  const { ask, signIn, platform } = await serveOpenId(t);
  const { cookies } = await signIn('c-1');
  const [cookie = ''] = cookies[0]?.split(';') ?? [];
  const { token } = await ask('/tokens', { name: 'ci' }, { cookie });
  const asToken = { token: String(token) };
  t.like(await ask('/whoami', undefined, asToken), { user: 'carol' });
  t.is((await platform.walt('user', 'config', 'carol', '--disable')).code, 0);
  t.like(await ask('/whoami', undefined, asToken), { status: 401, code: 'wrong-token' });
  t.like(await ask('/whoami', undefined, { cookie }), { status: 401, code: 'session-over' });
  t.like(await signIn('c-1'), { status: 403, code: 'no-account' });
  t.regex((await platform.walt('user', 'show')).out, /carol +operator +no way: disabled/);
  await platform.walt('user', 'config', 'carol', '--enable');
  t.like(await signIn('c-1'), { status: 200 });
});

test('a server without a provider says so', async (t) => {
  const { platform } = await serveOpenId(t);
  t.deepEqual(await platform.answers['sessions.ways']({}, {} as never), { openId: null });
});
