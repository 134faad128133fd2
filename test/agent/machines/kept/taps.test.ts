import test from 'ava';
import { seenInNamespace } from '../../../support/machines/in-namespace.ts';

test('Taps serves machines that come and go at once in one network, and leaves nothing', async (t) => {
  t.deepEqual(await seenInNamespace(t, 'many-taps'), { failures: [], left: [] });
});

test('removeIdleTaps() removes those of machines that are off, and no others', async (t) => {
  t.deepEqual(await seenInNamespace(t, 'idle-taps'), {
    taken: ['bridge', 'v5254000000020', 'v5254000000021'],
    kept: ['525400000001', '525400000002'],
  });
});
