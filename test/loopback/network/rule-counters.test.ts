// The kernel's own answers about our rules, in a network of the test's own.
import test from 'ava';
import { seenInNamespace } from '../../support/machines/in-namespace.ts';

test('ruleCountersBy() is told what the rules of our table counted, and that there are none', async (t) => {
  const two = { 'drop-two': 4_294_967_299 };
  t.deepEqual(await seenInNamespace(t, 'rule-counters'), {
    before: {},
    made: { 'drop-one': 0, ...two },
    met: { 'drop-one': 2, ...two },
    after: {},
  });
});
