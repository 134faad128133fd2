import { setImmediate as later } from 'node:timers/promises';
import test from 'ava';
import { atOnce } from '../../../../agent/host/queues/at-once.ts';

async function allOf<Result>(results: AsyncIterable<Result>): Promise<Result[]> {
  const all: Result[] = [];
  for await (const result of results) all.push(result);
  return all;
}

test('atOnce() has so many under way at once, and gives every result', async (t) => {
  let running = 0;
  let most = 0;
  const work = async (item: number) => {
    running += 1;
    most = Math.max(most, running);
    for (let turn = 0; turn < item % 3; turn += 1) await later();
    running -= 1;
    return item;
  };
  const items = Array.from({ length: 20 }, (_, index) => index);
  const results = await allOf(atOnce(items, 4, work));
  t.deepEqual(
    results.toSorted((left, right) => left - right),
    items,
  );
  t.is(most, 4);
});

test('atOnce() gives what is done before it waits for what is not', async (t) => {
  const slow = Promise.withResolvers<void>();
  const work = async (item: string) => {
    if (item === 'slow') await slow.promise;
    return item;
  };
  const results = atOnce(['slow', 'quick'], 2, work);
  t.is((await results.next()).value, 'quick');
  slow.resolve();
  t.is((await results.next()).value, 'slow');
  t.true((await results.next()).done);
});

test('atOnce() begins no more when its caller stops asking', async (t) => {
  const begun: number[] = [];
  const work = async (item: number) => void begun.push(item);
  for await (const _result of atOnce([1, 2, 3, 4], 1, work)) break;
  t.deepEqual(begun, [1]);
});

test('atOnce() of nothing is over at once', async (t) => {
  t.deepEqual(await allOf(atOnce([], 4, async () => 1)), []);
});
