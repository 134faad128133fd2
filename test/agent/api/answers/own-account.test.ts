// What administrators may do to accounts from elsewhere, and what only another one does.
import test, { type ExecutionContext } from 'ava';
import { whoeverHasToken } from '../../../../agent/api/authorisation.ts';
import { buildApi } from '../../../../agent/api/routes.ts';
import { startTestPlatform } from '../../cli/test-platform.ts';

/** Until the test is over. */
async function open(t: ExecutionContext) {
  const platform = await startTestPlatform();
  const { accounts } = platform;
  const api = buildApi(platform.answers, {
    onProblem: (reason) => t.log(reason),
    identify: whoeverHasToken(accounts),
  });
  t.teardown(async () => {
    await api.close();
    await platform.close();
  });
  return { accounts, api };
}

test('an administrator neither disables nor removes nor demotes themselves from elsewhere', async (t) => {
  const { accounts, api } = await open(t);
  for (const name of ['alice', 'bob']) await accounts.create(name, 'admin');
  const wish = { user: 'alice', name: 'test', days: 1, role: 'admin' } as const;
  const { token } = await accounts.createToken(wish);
  const ask = async (url: string, payload: object) => {
    const headers = { authorization: `Bearer ${token}` };
    const { statusCode, body } = await api.inject({
      ...{ method: 'POST', url: `/api/v1/users${url}`, headers, payload },
    });
    return { status: statusCode, ...JSON.parse(body) };
  };
  for (const [url, payload] of [
    ['/alice/change', { isDisabled: true }],
    ['/alice/change', { role: 'viewer' }],
    ['/remove', { name: 'alice' }],
  ] as const) {
    const { status, error } = await ask(url, payload);
    t.is(status, 409);
    t.regex(error, /your own account: another administrator does it/);
  }
  t.like(accounts.user('alice'), { role: 'admin', isDisabled: false });
  t.like(await ask('/bob/change', { isDisabled: true, role: 'viewer' }), {
    status: 200,
    ...{ name: 'bob', role: 'viewer', isDisabled: true, provider: null },
  });
  t.is((await ask('/remove', { name: 'bob' })).status, 200);
  t.is((await ask('/remove', { name: 'bob' })).status, 404);
  // Images of this name are those that free nodes boot.
  const owner = { name: 'waltplatform', role: 'user' };
  const refused = await ask('', owner);
  t.is(refused.status, 409);
  t.regex(refused.error, /those that free nodes boot.*Take another name/);
  t.is((await ask('', { ...owner, role: 'admin' })).status, 200);
  t.is((await ask('/waltplatform/change', { role: 'operator' })).status, 409);
  t.like(accounts.user('waltplatform'), { role: 'admin' });
});

test('a token that was lent with fewer rights ends none that has more', async (t) => {
  const { accounts, api } = await open(t);
  await accounts.create('alice', 'operator');
  const make = (role: 'viewer' | 'operator') =>
    accounts.createToken({ user: 'alice', name: role, days: 1, role });
  const [strong, lent, other] = [
    await make('operator'),
    await make('viewer'),
    await make('viewer'),
  ];
  const revoke = async (by: string, id: string) => {
    const headers = { authorization: `Bearer ${by}` };
    const url = '/api/v1/tokens/revoke';
    const answer = await api.inject({ method: 'POST', url, headers, payload: { id } });
    return { status: answer.statusCode, ...JSON.parse(answer.body) };
  };
  const refused = await revoke(lent.token, strong.stored.id);
  t.is(refused.status, 403);
  t.regex(refused.error, /has role operator, the one that you ask with viewer/);
  t.is((await revoke(lent.token, other.stored.id)).status, 200);
  t.is((await revoke(strong.token, lent.stored.id)).status, 200);
  t.deepEqual(
    accounts.tokens('alice').map(({ name }) => name),
    ['operator'],
  );
});
