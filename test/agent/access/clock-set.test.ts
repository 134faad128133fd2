// The server's clock is set while people have tokens and sessions.
import test from 'ava';
import { Accounts } from '../../../agent/access/accounts.ts';
import { Publisher } from '../../../agent/events/publisher.ts';
import { followClockOfAccess } from '../../../agent/events/reactions/follow/follow-clock-of-access.ts';
import { openSqliteStore } from '../../../agent/store/sqlite/store.ts';

const DAY_US = 86_400_000_000;
const YEAR_US = 365 * DAY_US;
const START = 20 * YEAR_US;

const ways = [
  ['back', -10 * YEAR_US],
  ['forward', 10 * YEAR_US],
] as const;
for (const [way, by] of ways) {
  test(`a clock that is set ${way} makes nothing last longer, and ends nothing`, async (t) => {
    const store = await openSqliteStore(':memory:');
    t.teardown(() => store.close());
    let at = START - DAY_US;
    const clock = () => at;
    const options = { records: store.access, clock, now: () => 0 };
    const before = await Accounts.open(options);
    await before.create('alice', 'user');
    const old = await before.createToken({ user: 'alice', name: 'old', days: 1000, role: 'user' });
    at = START;
    const accounts = await Accounts.open(options);
    const publisher = new Publisher({ clock, onFailure: (line) => t.fail(line) });
    followClockOfAccess(publisher, { accounts, startedAt: START });
    const wish = { user: 'alice', name: 'ci', days: 2, role: 'user' } as const;
    const { token, stored } = await accounts.createToken(wish);
    const made = await accounts.createToken({ ...wish, days: 9, maker: stored.id });
    const { secret } = await accounts.sessions.begin('alice');
    at += by + 1;
    publisher.publish([{ kind: 'clock-set', by }]);
    await accounts.clockSet({ by: 0, since: Number.POSITIVE_INFINITY });
    at += 2 * DAY_US - 2;
    for (const one of [token, made.token]) t.is(accounts.byToken(one).user, 'alice');
    at += 1;
    for (const one of [token, made.token]) {
      t.like(
        t.throws(() => accounts.byToken(one)),
        { code: 'expired-token' },
      );
    }
    t.is(accounts.sessions.bySecret(secret).user, 'alice');
    at += 5 * DAY_US;
    t.like(
      t.throws(() => accounts.sessions.bySecret(secret)),
      { code: 'session-over' },
    );
    // What is of another run was made by a clock that nobody knows.
    const kept = (await store.access.tokens()).find(({ id }) => id === old.stored.id);
    t.is(kept?.expires, old.stored.expires);
    const stale = (await store.access.tokens()).find(({ id }) => id === stored.id);
    t.is(stale?.expires, stored.expires + by);
  });
}
