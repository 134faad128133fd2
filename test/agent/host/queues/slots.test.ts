import { setImmediate as turn } from 'node:timers/promises';
import test from 'ava';
import { Slots } from '../../../../agent/host/queues/slots.ts';

test('Slots lets so many work at once, in the order in which they came, also after failures', async (t) => {
  const slots = new Slots(2);
  const begun: number[] = [];
  const ends = Array.from({ length: 5 }, () => Promise.withResolvers<number>());
  const works = ends.map(({ promise }, at) =>
    slots.use(() => {
      begun.push(at);
      return promise;
    }),
  );
  await turn();
  t.deepEqual(begun, [0, 1]);
  ends[1]?.reject(new Error('no'));
  await t.throwsAsync(works[1] ?? Promise.resolve(), { message: 'no' });
  await turn();
  t.deepEqual(begun, [0, 1, 2]);
  for (const [at, { resolve }] of ends.entries()) resolve(at);
  t.deepEqual(await Promise.all([works[0], ...works.slice(2)]), [0, 2, 3, 4]);
  t.deepEqual(begun, [0, 1, 2, 3, 4]);
  t.is(await slots.use(async () => 9), 9);
});
