import test from 'ava';
import { inTurn } from '../../../../agent/host/queues/in-turn.ts';

test('inTurn() begins no work before the work before it has ended, well or not', async (t) => {
  const take = inTurn();
  const said: string[] = [];
  const first = Promise.withResolvers<void>();
  const one = take(async () => {
    said.push('one begins');
    await first.promise;
    said.push('one ends');
    throw new Error('one failed');
  });
  const other = take(async () => {
    said.push('the other begins');
    return 5;
  });
  await Promise.resolve();
  t.deepEqual(said, ['one begins']);
  first.resolve();
  await t.throwsAsync(one, { message: 'one failed' });
  t.is(await other, 5);
  t.deepEqual(said, ['one begins', 'one ends', 'the other begins']);
});
