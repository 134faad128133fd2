import { gunzipSync } from 'node:zlib';
import test from 'ava';
import { gzip } from '../../../scripts/steps/gzip.ts';

test('gzip() keeps every byte, and notes no time', (t) => {
  const bytes = Uint8Array.from({ length: 70_000 }, (_none, index) => (index * 7919) % 256);
  const packed = gzip(bytes);
  t.deepEqual(new Uint8Array(gunzipSync(packed)), bytes);
  t.deepEqual([...packed.subarray(4, 8)], [0, 0, 0, 0]);
});
