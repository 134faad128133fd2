import test from 'ava';
import { oneAtATime } from '../../../../agent/host/queues/one-at-a-time.ts';

/** A job that records its wishes and ends when told. */
function slowJob() {
  const wishes: string[] = [];
  const ends: { resolve: () => void; reject: (error: Error) => void }[] = [];
  const job = (wish: string) => {
    wishes.push(wish);
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    ends.push({ resolve, reject });
    return promise;
  };
  return { wishes, ends, job };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

test('oneAtATime() skips wishes that a newer one replaces', async (t) => {
  const { wishes, ends, job } = slowJob();
  const wish = oneAtATime(job);
  const all = ['a', 'b', 'c', 'd'].map((name) => wish(name));
  await turn();
  t.deepEqual(wishes, ['a']);
  ends[0]?.resolve();
  await turn();
  t.deepEqual(wishes, ['a', 'd']);
  ends[1]?.resolve();
  await Promise.all(all);
  t.deepEqual(wishes, ['a', 'd']);
});

test('oneAtATime() goes on after a failure, which only those concerned are told', async (t) => {
  const { wishes, ends, job } = slowJob();
  const wish = oneAtATime(job);
  const first = wish('a');
  const second = wish('b');
  ends[0]?.reject(new Error('no'));
  await t.throwsAsync(first, { message: 'no' });
  await turn();
  const third = wish('c');
  t.deepEqual(wishes, ['a', 'b']);
  ends[1]?.resolve();
  await second;
  await turn();
  t.deepEqual(wishes, ['a', 'b', 'c']);
  ends[2]?.resolve();
  await third;
});
