import test from 'ava';
import { RateLimit } from '../../../agent/addresses/rate-limit.ts';

test('RateLimit.allows() one thing in the given time, and counts the others', (t) => {
  const limit = new RateLimit(60_000);
  t.is(limit.allows(0), 0);
  t.is(limit.allows(10), undefined);
  t.is(limit.allows(59_999), undefined);
  t.is(limit.allows(60_000), 2);
  t.is(limit.allows(120_000), 0);
});
