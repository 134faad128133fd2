import test from 'ava';
import { Turns } from '../../../../agent/machines/kept/turns.ts';

test('Turns.take() begins no work before the one before it is done, and the pause over', async (t) => {
  const said: string[] = [];
  const turns = new Turns(async () => {
    said.push('pause');
  });
  const { promise: slow, resolve: finish } = Promise.withResolvers<void>();
  const first = turns.take(async () => {
    said.push('first begins');
    await slow;
    said.push('first ends');
  });
  const second = turns.take(async () => {
    said.push('second begins');
  });
  await new Promise(setImmediate);
  t.deepEqual(said, ['first begins']);
  finish();
  await Promise.all([first, second]);
  t.deepEqual(said.slice(0, 4), ['first begins', 'first ends', 'pause', 'second begins']);
});

test('Turns.take() gives the next turn after work that failed', async (t) => {
  const turns = new Turns(() => Promise.resolve());
  const failed = turns.take(() => Promise.reject(new Error('no disk')));
  const next = turns.take(() => Promise.resolve('done'));
  await t.throwsAsync(failed, { message: 'no disk' });
  t.is(await next, 'done');
});
