import test from 'ava';
import { seenInNamespace } from '../../../support/machines/in-namespace.ts';

test('Machines powers no machine on that is being removed', async (t) => {
  const removed = 'Cannot power pc-1 on: it is removed';
  t.deepEqual(await seenInNamespace(t, 'removed-machine'), {
    ranBefore: true,
    answered: ['done', removed, removed],
    isAlive: false,
    left: [],
    said: ['is powered on, emulated (this is a test)'],
  });
});
