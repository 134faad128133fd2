import test from 'ava';
import { readRange } from '../../../../agent/protocol/http/byte-range.ts';

for (const [header, size, expected] of [
  [undefined, 10, undefined],
  ['', 10, undefined],
  ['bytes=0-0', 10, { first: 0, last: 0 }],
  ['bytes=0-9', 10, { first: 0, last: 9 }],
  ['bytes=0-10', 10, { first: 0, last: 9 }],
  ['Bytes = 3-', 10, { first: 3, last: 9 }],
  ['bytes=-4', 10, { first: 6, last: 9 }],
  ['bytes=-40', 10, { first: 0, last: 9 }],
  ['bytes=9-', 10, { first: 9, last: 9 }],
  ['bytes=10-', 10, 'unsatisfiable'],
  ['bytes=-0', 10, 'unsatisfiable'],
  ['bytes=0-', 0, 'unsatisfiable'],
  ['bytes=-5', 0, 'unsatisfiable'],
  [`bytes=${'9'.repeat(400)}-`, 10, 'unsatisfiable'],
  [`bytes=0-${'9'.repeat(400)}`, 10, { first: 0, last: 9 }],
  ['bytes=5-4', 10, undefined],
  ['bytes=-', 10, undefined],
  ['bytes=0-1,3-4', 10, undefined],
  ['bytes=1', 10, undefined],
  ['bytes=-1-2', 10, undefined],
  ['seconds=1-2', 10, undefined],
] as const) {
  test(`readRange() reads ${header?.replace(/9{9,}/, 'a large number')} of ${size} bytes`, (t) => {
    t.deepEqual(readRange(header, size), expected);
  });
}
