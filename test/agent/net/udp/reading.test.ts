import { setImmediate as nextTurn } from 'node:timers/promises';
import test from 'ava';
import { Reading } from '../../../../agent/net/udp/reading.ts';

type Done = number | 'answer' | 'stop' | 'start';

/**
 * A socket in which so many datagrams lie, and as many more behind each answer; how many were taken at once, and what else was done, in its
 * order. Node cannot be stopped unless asked for.
 */
function reading(waiting: number, more: readonly number[] = [], canStop = false) {
  const done: Done[] = [];
  const arrivals = [...more];
  let lying = waiting;
  const node = { stop: () => void done.push('stop'), start: () => void done.push('start') };
  const one = new Reading({
    node: canStop ? node : undefined,
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

test('Reading stops Node where many come, and reads in each turn until one finds nothing', async (t) => {
  const { one, done } = reading(30, [20, 3, 5, 0], true);
  one.tookOne();
  t.deepEqual(done.splice(0), [30, 'answer', 20, 'answer', 3, 'stop', 'answer']);
  await nextTurn();
  t.deepEqual(done.splice(0), ['answer', 5, 'answer'], 'few are enough');
  await nextTurn();
  t.deepEqual(done.splice(0), ['answer', 0, 'start', 'answer']);
  await nextTurn();
  t.deepEqual(done, [], 'Node looks again');
  one.tookOne();
  t.deepEqual(done, ['answer'], 'as before: the last look found nothing');
});

test('Reading does not stop Node where few come', async (t) => {
  const { one, done } = reading(5, [7, 7, 7], true);
  for (let at = 0; at < 3; at += 1) one.tookOne();
  await nextTurn();
  t.deepEqual(done, [5, 'answer', 7, 'answer', 7, 'answer']);
});

test('Reading lets others have their turn where Node is stopped, too', async (t) => {
  const { one, done } = reading(400, [], true);
  one.tookOne();
  const turn = [64, 'answer', 64] as const;
  t.deepEqual(done.splice(0), [...turn, 'stop', 'answer']);
  await nextTurn();
  t.deepEqual(done.splice(0), ['answer', ...turn, 'answer']);
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
