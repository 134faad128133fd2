import { setImmediate as nextTurn } from 'node:timers/promises';
import test from 'ava';
import { Reading } from '../../../../agent/net/udp/reading.ts';

/** A socket in which so many datagrams lie; how many were taken at once, and `answer` behind them, in their order. */
function reading(waiting: number, more: readonly number[] = []) {
  const done: (number | 'answer')[] = [];
  const arrivals = [...more];
  let lying = waiting;
  const one = new Reading({
    receive: () => {
      const count = Math.min(64, lying);
      lying -= count;
      done.push(count);
      return count;
    },
    answer: () => {
      done.push('answer');
      lying += arrivals.shift() ?? 0;
    },
  });
  return { one, done };
}

test('Reading takes what lies there behind the first datagram, and answers all of it together', (t) => {
  const { one, done } = reading(5);
  one.tookOne();
  t.deepEqual(done, [5, 'answer']);
});

test('Reading takes at once what came while many were answered', (t) => {
  const { one, done } = reading(30, [20, 3]);
  one.tookOne();
  t.deepEqual(done, [30, 'answer', 20, 'answer', 3, 'answer']);
});

test('Reading leaves the rest of many to the next turn, and answers until then nothing that Node takes', async (t) => {
  const { one, done } = reading(150);
  one.tookOne();
  const firstTurn = [64, 'answer', 64, 'answer'] as const;
  t.deepEqual(done, firstTurn);
  for (let at = 0; at < 31; at += 1) one.tookOne();
  t.deepEqual(done, firstTurn, 'others have their turn');
  await nextTurn();
  t.deepEqual(done, [...firstTurn, 'answer', 22, 'answer', 0, 'answer']);
});

test('Reading looks seldom where there is never more, and again as soon as there is', (t) => {
  const { one, done } = reading(0);
  for (let at = 0; at < 40; at += 1) one.tookOne();
  t.is(done.filter((what) => what === 'answer').length, 40, 'each is answered');
  const looks = done.filter((what) => what === 0).length;
  t.true(looks > 8 && looks < 14, `${looks} looks`);
  const busy = reading(100, [100, 100]);
  busy.one.tookOne();
  t.deepEqual(busy.done.slice(0, 3), [64, 'answer', 64]);
});
