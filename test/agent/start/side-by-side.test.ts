import { setImmediate as turn } from 'node:timers/promises';
import test from 'ava';
import { sideBySide } from '../../../agent/start/side-by-side.ts';

test('sideBySide() gives what each has become, in their order', async (t) => {
  const late = turn().then(() => 'late');
  t.deepEqual(await sideBySide([late, Promise.resolve(2)]), ['late', 2]);
});

test('sideBySide() fails with the first failure, and not before all have ended', async (t) => {
  const ended: string[] = [];
  const late = turn().then(() => ended.push('late'));
  const failing = [Promise.reject(new Error('one')), late, Promise.reject(new Error('two'))];
  await t.throwsAsync(sideBySide(failing), { message: 'one' });
  t.deepEqual(ended, ['late']);
});
