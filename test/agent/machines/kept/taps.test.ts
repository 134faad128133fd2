import test from 'ava';
import { seenInNamespace } from '../../../support/machines/in-namespace.ts';

test('Taps serves machines that come and go at once in one network, and leaves nothing', async (t) => {
  t.deepEqual(await seenInNamespace(t, 'many-taps'), { failures: [], left: [] });
});
