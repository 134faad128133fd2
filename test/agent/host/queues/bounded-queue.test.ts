import test from 'ava';
import { BoundedQueue } from '../../../../agent/host/queues/bounded-queue.ts';

test('BoundedQueue gives what was put into it, in order, once', (t) => {
  const queue = new BoundedQueue<number>(10);
  for (const item of [1, 2, 3]) queue.push(item);
  t.deepEqual(queue.take(), { items: [1, 2, 3], dropped: 0 });
  t.deepEqual(queue.take(), { items: [], dropped: 0 });
});

test('BoundedQueue holds the newest items, and counts those that went', (t) => {
  const queue = new BoundedQueue<number>(10);
  for (let item = 0; item < 100_000; item += 1) queue.push(item);
  const { items, dropped } = queue.take();
  t.deepEqual([items.length, items[0], items.at(-1)], [10, 99_990, 99_999]);
  t.is(dropped, 99_990);
  queue.push(1);
  t.deepEqual(queue.take(), { items: [1], dropped: 0 });
});

test('BoundedQueue.filled() resolves with the next item, at once where there is one, or when woken', async (t) => {
  const queue = new BoundedQueue<number>(10);
  queue.push(1);
  await queue.filled();
  queue.take();
  const next = queue.filled();
  queue.push(2);
  await next;
  t.deepEqual(queue.take().items, [2]);
  const woken = queue.filled();
  queue.wake();
  await woken;
  t.deepEqual(queue.take().items, []);
});
