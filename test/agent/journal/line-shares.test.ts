import test from 'ava';
import type { EventOf, ServerEvent } from '../../../agent/events/event.ts';
import { LineShares } from '../../../agent/journal/line-shares.ts';

const HOUR_MS = 3_600_000;
const conflict: ServerEvent = {
  kind: 'address-conflict',
  ip: '10.0.0.9',
  mac: '02:00:00:00:00:09',
};
const boot = (mac: string): EventOf<'boot'> => ({
  ...{ kind: 'boot', mac, name: 'node-1', boot: 1 },
  ...{ signal: { kind: 'booted' }, before: 'files', state: 'booted' },
});

function taken(shares: LineShares, event: ServerEvent, times: number): number {
  return Array.from({ length: times }, () => shares.take(event)).filter(Boolean).length;
}

test('LineShares takes few lines of one trouble, more each hour, and counts the others', (t) => {
  let now = 0;
  const shares = new LineShares(() => now);
  t.is(taken(shares, conflict, 1000), 50);
  now += HOUR_MS / 100;
  t.deepEqual(shares.take(conflict), { hidden: 950 });
  t.is(shares.take(conflict), undefined);
  now += 100 * HOUR_MS;
  t.is(taken(shares, conflict, 1000), 50, 'hours of peace are not saved up');
});

test('LineShares has room for ten thousand boards at once, and ends with what is made up', (t) => {
  const shares = new LineShares(() => 0);
  const event: ServerEvent = { kind: 'renamed', from: 'unknown-1', to: 'node-1' };
  t.is(taken(shares, event, 10_000), 10_000);
  t.is(taken(shares, event, 90_000), 10_000);
});

test('LineShares counts boots by node: one that comes and goes hides no other', (t) => {
  const shares = new LineShares(() => 0);
  t.is(taken(shares, boot('02:00:00:00:00:01'), 1000), 100);
  t.is(taken(shares, boot('02:00:00:00:00:02'), 10), 10);
});

test('LineShares takes all that people do, and all that is no doing of others', (t) => {
  const shares = new LineShares(() => 0);
  const byPerson: ServerEvent = { kind: 'renamed', from: 'a1', to: 'b1', by: 'ann' };
  t.is(taken(shares, byPerson, 50_000), 50_000);
  t.is(taken(shares, { kind: 'problem', source: 'disk', message: 'x' }, 1000), 1000);
});
