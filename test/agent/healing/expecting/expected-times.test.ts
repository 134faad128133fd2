import test from 'ava';
import { expectedTimes } from '../../../../agent/healing/expecting/expected-times.ts';
import { legTimes } from '../../../../agent/healing/expecting/legs.ts';
import { isStalled } from '../../../../agent/healing/expecting/stall.ts';

const S = 1_000_000;
const boot = (system: number) => ({ system: system * S });

test('legTimes() measures the legs of a boot from one sign to the next', (t) => {
  const stages = (
    [
      ['dhcp', 1],
      ['dhcp', 2],
      ['file', 5],
      ['file', 6],
      ['file', 16],
      ['mounted', 20],
      ['file', 21],
      ['booted', 60],
    ] as const
  ).map(([stage, at]) => ({ stage, at: at * S, detail: {} }));
  t.deepEqual(legTimes(stages), {
    'first-file': 4 * S,
    'next-file': 10 * S,
    mount: 4 * S,
    system: 40 * S,
  });
  t.deepEqual(legTimes(stages.slice(0, 2)), {});
});

test('expectedTimes() learns nothing of two boots', (t) => {
  t.deepEqual(expectedTimes([boot(10), boot(10)]), {});
});

test('expectedTimes() is moved by no odd boot, and goes below no floor', (t) => {
  const good = Array.from({ length: 19 }, (_, index) => boot(100 + (index % 3)));
  const { system } = expectedTimes([...good, boot(3000)]);
  t.is(system?.median, 101 * S);
  t.is(system?.count, 20);
  t.true((system?.limit ?? 0) < 170 * S, String(system?.limit));
  t.is(expectedTimes([boot(1), boot(1), boot(1)]).system?.limit, 45 * S);
});

const expected = expectedTimes([boot(1), boot(1), boot(1)]);
const mounted = { state: 'mounted', heardAt: 0, tryingSince: 0 } as const;
const patience = { expected, timeout: 180 * S, factor: 1 };

test('isStalled() is told by the learnt limit of the leg, long before boot.timeout', (t) => {
  t.false(isStalled(mounted, patience, 45 * S));
  t.true(isStalled(mounted, patience, 46 * S));
  t.false(isStalled({ ...mounted, heardAt: 10 * S }, patience, 46 * S));
});

test('isStalled() waits for boot.timeout where nothing is learnt, and for ever with none', (t) => {
  const files = { ...mounted, state: 'files' } as const;
  t.false(isStalled(files, patience, 180 * S));
  t.true(isStalled(files, patience, 181 * S));
  t.true(isStalled({ ...files, heardAt: 181 * S }, patience, 181 * S), 'it asks again and again');
  t.false(isStalled(files, { ...patience, timeout: undefined }, 9999 * S));
  t.false(isStalled(files, { ...patience, factor: 10 }, 1800 * S));
});

test('isStalled() is never so of a board that is up', (t) => {
  for (const state of ['booted', 'unconfirmed'] as const) {
    t.false(isStalled({ ...mounted, state }, patience, 9999 * S));
  }
});
