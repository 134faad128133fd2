import { setImmediate as nextTurn } from 'node:timers/promises';
import test from 'ava';
import { SendTurns } from '../../../../agent/net/http/send-turns.ts';

test('SendTurns lets so many go in one turn of the event loop, in the order in which they came', async (t) => {
  const turns = new SendTurns();
  const gone: number[] = [];
  for (let one = 0; one < 40; one += 1) void turns.take().then(() => gone.push(one));
  const counts: number[] = [];
  while (gone.length < 40) {
    await nextTurn();
    counts.push(gone.length);
  }
  t.deepEqual(counts, [16, 32, 40]);
  t.deepEqual(
    gone,
    Array.from({ length: 40 }, (_, one) => one),
  );
});

test('SendTurns gives who comes again a turn behind those who wait', async (t) => {
  const turns = new SendTurns();
  const gone: string[] = [];
  const ask = (name: string) => turns.take().then(() => gone.push(name));
  const greedy = async () => {
    await ask('greedy');
    await ask('greedy');
  };
  const all = [greedy(), ...Array.from({ length: 20 }, () => ask('other'))];
  await Promise.all(all);
  t.is(gone.indexOf('greedy'), 0);
  t.is(gone.lastIndexOf('greedy'), 21);
});
