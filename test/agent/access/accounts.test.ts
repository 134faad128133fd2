import { join } from 'node:path';
import test from 'ava';
import { Accounts } from '../../../agent/access/accounts.ts';
import { RequestError } from '../../../agent/errors.ts';
import type { AccessRecords } from '../../../agent/store/records/access.ts';
import { openSqliteStore } from '../../../agent/store/sqlite/store.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const PASSWORD = 'correct horse battery';
const HERE = '192.0.2.1';
const DAY_US = 86_400_000_000;

async function open(file = ':memory:') {
  const store = await openSqliteStore(file);
  let at = 1_000_000;
  const options = { records: store.access, clock: () => at, now: () => at / 1000 };
  const pass = (us: number) => {
    at += us;
  };
  return { store, accounts: await Accounts.open(options), pass };
}

const wish = { user: 'alice', name: 'ci', days: 1, role: 'admin' } as const;

test('a password is right for its user alone, and who has none has no right one', async (t) => {
  const { accounts, store } = await open();
  t.teardown(() => store.close());
  await accounts.create('alice', 'operator', PASSWORD);
  await accounts.create('robot', 'user');
  t.deepEqual(await accounts.logIn('alice', PASSWORD, HERE), { user: 'alice', role: 'operator' });
  for (const [name, password] of [
    ['alice', `${PASSWORD} `],
    ['alice', ''],
    ['robot', ''],
    ['robot', PASSWORD],
    ['nobody', PASSWORD],
  ] as const) {
    const error = await t.throwsAsync(accounts.logIn(name, password, HERE), {
      instanceOf: RequestError,
      message: 'There is no such user, or the password is wrong.',
    });
    t.like(error, { status: 401, code: 'wrong-password' });
  }
});

test('who guesses waits, and a colleague who comes from elsewhere does not', async (t) => {
  const { accounts, store } = await open();
  t.teardown(() => store.close());
  await accounts.create('alice', 'user', PASSWORD);
  for (let time = 0; time < 5; time += 1) {
    await t.throwsAsync(accounts.logIn('alice', 'guess', HERE), { message: /wrong/ });
  }
  const late = await t.throwsAsync(accounts.logIn('alice', PASSWORD, HERE));
  t.like(late, { status: 429, code: 'too-many-guesses' });
  t.like(await accounts.logIn('alice', PASSWORD, '192.0.2.2'), { user: 'alice' });
});

test('a token that was made by a token does not outlive it, also after a restart', async (t) => {
  const file = join(await temporaryFolder(t), 'walt.sqlite');
  const first = await open(file);
  await first.accounts.create('alice', 'user');
  const root = await first.accounts.createToken(wish);
  first.pass(DAY_US / 2);
  const made = await first.accounts.createToken({ ...wish, days: 30, maker: root.stored.id });
  const ofMade = await first.accounts.createToken({ ...wish, days: 30, maker: made.stored.id });
  const other = await first.accounts.createToken({ ...wish, days: 30 });
  t.is(made.stored.expires, root.stored.expires);
  t.is(ofMade.stored.expires, root.stored.expires);
  await first.store.close();
  const second = await open(file);
  t.teardown(() => second.store.close());
  await second.accounts.revoke(root.stored.id, 'alice');
  for (const { token } of [root, made, ofMade]) {
    t.throws(() => second.accounts.byToken(token), { message: /revoked/ });
  }
  t.is(second.accounts.byToken(other.token).user, 'alice');
  t.is((await second.store.access.tokens()).length, 1);
  const late = second.accounts.createToken({ ...wish, maker: root.stored.id });
  await t.throwsAsync(late, { message: /revoked/ });
});

test('a token is its user until it expires or is revoked, and no more than both may', async (t) => {
  const { accounts, store, pass } = await open();
  t.teardown(() => store.close());
  await accounts.create('alice', 'operator');
  const { token, stored } = await accounts.createToken(wish);
  t.like(accounts.byToken(token), { user: 'alice', role: 'operator', token: stored.id });
  const weak = await accounts.createToken({ ...wish, role: 'viewer' });
  t.is(accounts.byToken(weak.token).role, 'viewer');
  await accounts.change('alice', { role: 'user' });
  t.is(accounts.byToken(token).role, 'user');
  await t.throwsAsync(accounts.revoke(stored.id, 'bob'), { message: /no token/ });
  await accounts.revoke(stored.id, 'alice');
  t.like(
    t.throws(() => accounts.byToken(token)),
    { status: 401, code: 'wrong-token' },
  );
  pass(DAY_US);
  t.like(
    t.throws(() => accounts.byToken(weak.token)),
    { status: 401, code: 'expired-token' },
  );
});

test('tokens end with their user, and with the password that they were made by', async (t) => {
  const { accounts, store } = await open();
  t.teardown(() => store.close());
  await accounts.create('alice', 'user', PASSWORD);
  await accounts.create('bob', 'user', PASSWORD);
  const ofAlice = await accounts.createToken(wish);
  const ofBob = await accounts.createToken({ ...wish, user: 'bob' });
  await accounts.change('alice', { password: 'another long one' });
  t.throws(() => accounts.byToken(ofAlice.token), { message: /wrong/ });
  t.is(accounts.byToken(ofBob.token).user, 'bob');
  await accounts.remove('bob');
  await accounts.create('bob', 'admin');
  t.throws(() => accounts.byToken(ofBob.token), { message: /wrong/ });
});

test('the disk has neither tokens nor passwords, and a server that starts again knows both', async (t) => {
  const file = join(await temporaryFolder(t), 'walt.db');
  const first = await open(file);
  await first.accounts.create('alice', 'user', PASSWORD);
  const { token } = await first.accounts.createToken(wish);
  const written = JSON.stringify([
    await first.store.access.users(),
    await first.store.access.tokens(),
  ]);
  t.false(written.includes(token) || written.includes(token.slice(5)));
  t.false(written.includes(PASSWORD));
  await first.store.close();
  const second = await open(file);
  t.teardown(() => second.store.close());
  t.is(second.accounts.byToken(token).user, 'alice');
  t.like(await second.accounts.logIn('alice', PASSWORD, HERE), { user: 'alice' });
});

test('two who make the same user at once make one', async (t) => {
  const { accounts, store } = await open();
  t.teardown(() => store.close());
  const both = await Promise.allSettled([
    accounts.create('alice', 'user', PASSWORD),
    accounts.create('alice', 'admin', PASSWORD),
  ]);
  t.deepEqual(both.map(({ status }) => status).toSorted(), ['fulfilled', 'rejected']);
});

test('what is begun while a password changes is on disk as it is in memory, and no change undoes another', async (t) => {
  const file = join(await temporaryFolder(t), 'walt.db');
  const first = await open(file);
  await first.accounts.create('alice', 'user', PASSWORD);
  const [saved, goesOn] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const { saveUser } = first.store.access;
  const records: AccessRecords = {
    ...first.store.access,
    saveUser: async (...args) => {
      await saveUser(...args);
      saved.resolve();
      await goesOn.promise;
    },
  };
  const accounts = await Accounts.open({ records, clock: () => 1_000_000, now: () => 0 });
  const changing = accounts.change('alice', { password: 'another long one' });
  await saved.promise;
  const begun = [accounts.createToken(wish), accounts.sessions.begin('alice')] as const;
  const demoting = accounts.change('alice', { role: 'viewer' });
  await first.store.access.tokens();
  goesOn.resolve();
  const [, , { token }, { secret }] = await Promise.all([changing, demoting, ...begun]);
  await first.store.close();
  const second = await open(file);
  t.teardown(() => second.store.close());
  for (const known of [accounts, second.accounts]) {
    t.like(known.byToken(token), { user: 'alice', role: 'viewer' });
    t.is(known.sessions.bySecret(secret).role, 'viewer');
    t.like(await known.logIn('alice', 'another long one', HERE), { role: 'viewer' });
  }
});
