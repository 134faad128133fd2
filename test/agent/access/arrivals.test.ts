// Users whom a provider names, and users who are disabled: what they have, and what ends.
import { join } from 'node:path';
import test from 'ava';
import { Accounts } from '../../../agent/access/accounts.ts';
import type { Arrival } from '../../../agent/access/arrivals.ts';
import { openSqliteStore } from '../../../agent/store/sqlite/store.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const PASSWORD = 'correct horse battery';
const HERE = '192.0.2.1';
const carol: Arrival = {
  issuer: 'https://id.example',
  subject: 'c-1',
  name: 'carol',
  role: { kind: 'each', role: 'user' },
};
const wish = { user: 'carol', name: 'ci', days: 1, role: 'admin' } as const;

async function open(file = ':memory:') {
  const store = await openSqliteStore(file);
  const options = { records: store.access, clock: () => 1_000_000, now: () => 0 };
  return { store, accounts: await Accounts.open(options) };
}

test('who arrives the first time is a user from then on, also after a restart, with the role of each time', async (t) => {
  const file = join(await temporaryFolder(t), 'walt.db');
  const first = await open(file);
  t.deepEqual(await first.accounts.arrive(carol), { user: 'carol', role: 'user', isNew: true });
  await first.store.close();
  const { accounts, store } = await open(file);
  t.teardown(() => store.close());
  const again = {
    ...carol,
    name: 'carol-smith',
    role: { kind: 'each', role: 'operator' },
  } as const;
  t.deepEqual(await accounts.arrive(again), { user: 'carol', role: 'operator', isNew: false });
  t.like(accounts.user('carol'), {
    role: 'operator',
    provider: { issuer: 'https://id.example', subject: 'c-1' },
  });
});

test('a role of the first time stays what an administrator makes of it', async (t) => {
  const { accounts, store } = await open();
  t.teardown(() => store.close());
  const arrival = { ...carol, role: { kind: 'first', role: 'viewer' } } as const;
  await accounts.arrive(arrival);
  await accounts.change('carol', { role: 'operator' });
  t.like(await accounts.arrive(arrival), { role: 'operator' });
});

test('nobody becomes another user by being called so', async (t) => {
  const { accounts, store } = await open();
  t.teardown(() => store.close());
  await accounts.create('alice', 'admin', PASSWORD);
  await accounts.arrive(carol);
  for (const arrival of [
    { ...carol, subject: 'x-1', name: 'alice' },
    { ...carol, subject: 'x-1' },
    { ...carol, issuer: 'https://other.example' },
  ]) {
    t.like(await t.throwsAsync(accounts.arrive(arrival), { message: /already, who is not/ }), {
      status: 409,
      code: 'name-taken',
    });
  }
  t.is(accounts.users().length, 2);
  const given = accounts.change('carol', { password: PASSWORD });
  await t.throwsAsync(given, { message: /signs in by https:\/\/id\.example and has no password/ });
  await t.throwsAsync(accounts.logIn('carol', PASSWORD, HERE), { message: /wrong/ });
});

test('whom the provider gives no role any more has neither tokens nor sessions', async (t) => {
  const { accounts, store } = await open();
  t.teardown(() => store.close());
  await accounts.arrive(carol);
  const { token } = await accounts.createToken(wish);
  const { secret } = await accounts.sessions.begin('carol');
  const refused = accounts.arrive({ ...carol, role: { kind: 'none' } });
  t.like(await t.throwsAsync(refused, { message: /gives 'carol' no role/ }), { status: 403 });
  t.throws(() => accounts.byToken(token), { message: /wrong/ });
  t.throws(() => accounts.sessions.bySecret(secret), { message: /over/ });
  const stranger = accounts.arrive({ ...carol, subject: 'd-1', role: { kind: 'none' } });
  await t.throwsAsync(stranger, { message: /no account here/ });
  t.is((await store.access.users()).length, 1);
  t.deepEqual(await store.access.tokens(), []);
});

test('who is disabled has no way in and nothing that was one, until they are enabled', async (t) => {
  const { accounts, store } = await open();
  t.teardown(() => store.close());
  await accounts.create('alice', 'user', PASSWORD);
  await accounts.arrive(carol);
  for (const name of ['alice', 'carol']) {
    const { token } = await accounts.createToken({ ...wish, user: name });
    const { secret } = await accounts.sessions.begin(name);
    await accounts.change(name, { isDisabled: true });
    t.throws(() => accounts.byToken(token), { message: /wrong/ });
    t.throws(() => accounts.sessions.bySecret(secret), { message: /over/ });
    const late = accounts.createToken({ ...wish, user: name });
    await t.throwsAsync(late, { message: /disabled/ });
  }
  const disabled = { message: 'Your account is disabled: ask an administrator.' };
  await t.throwsAsync(accounts.arrive(carol), disabled);
  await t.throwsAsync(accounts.logIn('alice', PASSWORD, HERE), disabled);
  await t.throwsAsync(accounts.logIn('alice', 'guess', HERE), { message: /wrong/ });
  for (const name of ['alice', 'carol']) await accounts.change(name, { isDisabled: false });
  t.like(await accounts.arrive(carol), { user: 'carol' });
  t.like(await accounts.logIn('alice', PASSWORD, HERE), { user: 'alice' });
});
