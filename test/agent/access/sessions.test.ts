import { join } from 'node:path';
import test from 'ava';
import { Sessions } from '../../../agent/access/sessions.ts';
import { openSqliteStore } from '../../../agent/store/sqlite/store.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const WEEK_US = 604_800_000_000;

async function open(file = ':memory:') {
  const store = await openSqliteStore(file);
  await store.access.saveUser({
    name: 'alice',
    role: 'user',
    password: null,
    isDisabled: false,
    provider: null,
    created: 1,
  });
  let at = 1_000_000;
  const pass = (us: number) => {
    at += us;
  };
  const roleOf = (user: string) => (user === 'alice' ? ('user' as const) : undefined);
  const sessions = await Sessions.open({ records: store.access, clock: () => at, roleOf });
  return { store, sessions, pass };
}

test('a session is its user for a week', async (t) => {
  const { store, sessions, pass } = await open();
  t.teardown(() => store.close());
  const { secret, expires } = await sessions.begin('alice');
  t.is(expires, 1_000_000 + WEEK_US);
  pass(WEEK_US - 1);
  t.deepEqual(sessions.bySecret(secret), { user: 'alice', role: 'user' });
  pass(1);
  t.like(
    t.throws(() => sessions.bySecret(secret)),
    { status: 401, code: 'session-over' },
  );
});

test('the disk has no secret, and a server that starts again knows the session', async (t) => {
  const file = join(await temporaryFolder(t), 'walt.db');
  const first = await open(file);
  const { secret } = await first.sessions.begin('alice');
  t.false(JSON.stringify(await first.store.access.sessions()).includes(secret));
  await first.store.close();
  const second = await open(file);
  t.teardown(() => second.store.close());
  t.is(second.sessions.bySecret(secret).user, 'alice');
  await second.sessions.end(secret);
  t.deepEqual(await second.store.access.sessions(), []);
});

test('a user has twenty sessions: the oldest one ends, and those that are over are forgotten', async (t) => {
  const { store, sessions, pass } = await open();
  t.teardown(() => store.close());
  const secrets: string[] = [];
  for (let time = 0; time < 21; time += 1) {
    pass(1);
    secrets.push((await sessions.begin('alice')).secret);
  }
  t.is((await store.access.sessions()).length, 20);
  t.throws(() => sessions.bySecret(secrets[0] ?? ''));
  t.notThrows(() => sessions.bySecret(secrets[1] ?? ''));
  pass(WEEK_US);
  await sessions.begin('alice');
  t.is((await store.access.sessions()).length, 1);
});

test('a session that began while the clock was wrong ends none that is valid', async (t) => {
  const { store, sessions, pass } = await open();
  t.teardown(() => store.close());
  pass(2 * WEEK_US);
  const ahead = await sessions.begin('alice');
  pass(-2 * WEEK_US);
  const over = await sessions.begin('alice');
  pass(WEEK_US);
  await sessions.begin('alice');
  t.notThrows(() => sessions.bySecret(ahead.secret));
  t.throws(() => sessions.bySecret(over.secret));
});
