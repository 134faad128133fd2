import { setImmediate as nextTurn } from 'node:timers/promises';
import test from 'ava';
import { inParallel } from '../../../scripts/builders/in-parallel.ts';

test('inParallel() works on all items, never on more at once than allowed', async (t) => {
  const done: number[] = [];
  let working = 0;
  let most = 0;
  await inParallel([1, 2, 3, 4, 5], {
    limit: 2,
    async work(item) {
      working += 1;
      most = Math.max(most, working);
      await nextTurn();
      working -= 1;
      done.push(item);
    },
  });
  t.deepEqual(done, [1, 2, 3, 4, 5]);
  t.is(most, 2);
});

test('inParallel() lets what was begun end, begins nothing more, and throws the first failure', async (t) => {
  const ended: number[] = [];
  const work = async (item: number) => {
    if (item === 1) throw new Error('first');
    await nextTurn();
    ended.push(item);
  };
  await t.throwsAsync(inParallel([1, 2, 3, 4], { limit: 2, work }), { message: 'first' });
  t.deepEqual(ended, [2]);
});
