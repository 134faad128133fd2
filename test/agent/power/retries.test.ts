import test from 'ava';
import { Retries } from '../../../agent/power/retries.ts';

const MINUTE = 60_000_000;

test('Retries are later and later, half an hour at most, until it succeeds', (t) => {
  const retries = new Retries();
  let now = 1_000 * MINUTE;
  const waits: number[] = [];
  t.true(retries.isDue('a', now));
  for (let round = 0; round < 9; round += 1) {
    retries.note('a', { at: now, isDone: false });
    t.false(retries.isDue('a', now));
    t.true(retries.isDue('b', now));
    const before = now;
    while (!retries.isDue('a', now)) now += MINUTE / 2;
    waits.push((now - before) / MINUTE);
  }
  t.deepEqual(waits, [0.5, 1, 2, 4, 8, 16, 30, 30, 30]);
  retries.note('a', { at: now, isDone: true });
  t.true(retries.isDue('a', now));
  retries.note('a', { at: now, isDone: false });
  t.true(retries.isDue('a', now + MINUTE / 2));
});

test('Retries a clock that is set back holds nothing up', (t) => {
  const retries = new Retries();
  retries.note('a', { at: 1_000 * MINUTE, isDone: false });
  t.true(retries.isDue('a', 10 * MINUTE));
});

test('Retries what was done in another way, and fails again, begins anew', (t) => {
  const retries = new Retries();
  for (let at = 0; at < 5; at += 1) retries.note('a', { at: 0, isDone: false });
  retries.note('b', { at: 0, isDone: false });
  t.false(retries.isDue('a', 31_000_000));
  retries.keepOnly(['b']);
  t.true(retries.isDue('a', 0));
  retries.note('a', { at: 0, isDone: false });
  t.true(retries.isDue('a', 31_000_000));
  t.false(retries.isDue('b', 1));
});
