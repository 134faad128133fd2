import test from 'ava';
import { ByteSource } from '../../../../../../agent/images/content/layers/tar/byte-source.ts';
import type { PaxRecords } from '../../../../../../agent/images/content/layers/tar/pax.ts';
import {
  isSparse,
  oldGnuMap,
  paxMap,
} from '../../../../../../agent/images/content/layers/tar/sparse.ts';
import { TarError } from '../../../../../../agent/images/content/layers/tar/tar-error.ts';
import { inPieces } from '../../../../../support/images/layers/by-ours.ts';
import { oldGnu } from '../../../../../support/images/layers/sparse-tar.ts';

const kept = () => {
  const bytes: Buffer[] = [];
  return { bytes, keep: (part: Buffer) => void bytes.push(part) };
};
const sourceOf = (bytes: Buffer) => new ByteSource(inPieces(bytes, 100));
const NONE = { source: sourceOf(Buffer.alloc(0)), keep: () => undefined };
const ONE: PaxRecords = [
  ['GNU.sparse.major', '1'],
  ['GNU.sparse.minor', '0'],
  ['GNU.sparse.realsize', '9000'],
];

for (const count of [0, 1, 4, 5, 25, 26, 100]) {
  test(`oldGnuMap() reads ${count} pieces, and keeps the blocks that name them`, async (t) => {
    const pieces = Array.from({ length: count }, (_none, at) => [at * 1024, 512] as const);
    const entry = oldGnu('a', { pieces, size: 200_000 });
    const { bytes, keep } = kept();
    const map = await oldGnuMap(entry.subarray(0, 512), {
      source: sourceOf(entry.subarray(512)),
      keep,
    });
    t.deepEqual(
      map.pieces,
      pieces.map(([offset, length]) => ({ offset, length })),
    );
    t.deepEqual([map.size, map.mapBytes], [200_000, 0]);
    t.is(bytes.length, Math.ceil(Math.max(0, count - 4) / 21));
  });
}

test('paxMap() reads a map over several blocks, and keeps it', async (t) => {
  const text = `100\n${Array.from({ length: 100 }, (_none, at) => `${at * 64}\n0\n`).join('')}`;
  const block = Buffer.alloc(1024);
  block.write(text);
  const { bytes, keep } = kept();
  const map = await paxMap(ONE, { source: sourceOf(block), keep });
  t.is(map.pieces.length, 100);
  t.deepEqual(map.pieces[99], { offset: 99 * 64, length: 0 });
  t.is(map.mapBytes, 1024);
  t.true(block.equals(Buffer.concat(bytes)));
});

test('paxMap() refuses a map of more pieces than any file has, before it reads them', async (t) => {
  const block = Buffer.alloc(512);
  block.write('100001\n');
  const reading = paxMap(ONE, { source: sourceOf(block), keep: () => undefined });
  await t.throwsAsync(reading, { instanceOf: TarError, message: /more than 100000 pieces/ });
});

for (const [what, records] of [
  [
    'no size',
    [
      ['GNU.sparse.map', '0,1'],
      ['GNU.sparse.numblocks', '1'],
    ],
  ],
  [
    'no count',
    [
      ['GNU.sparse.map', '0,1'],
      ['GNU.sparse.size', '9'],
    ],
  ],
  [
    'no map',
    [
      ['GNU.sparse.numblocks', '0'],
      ['GNU.sparse.size', '9'],
    ],
  ],
  [
    'a negative place',
    [
      ['GNU.sparse.map', '-1,1'],
      ['GNU.sparse.numblocks', '1'],
      ['GNU.sparse.size', '9'],
    ],
  ],
  [
    'half a version',
    [
      ['GNU.sparse.minor', '1'],
      ['GNU.sparse.size', '9'],
    ],
  ],
] as const) {
  test(`paxMap() refuses ${what}`, async (t) => {
    await t.throwsAsync(paxMap(records, NONE), { instanceOf: TarError });
  });
}

test('isSparse() is true of any record of sparse files', (t) => {
  t.true(isSparse([['GNU.sparse.name', 'a']]));
  t.false(isSparse([['path', 'GNU.sparse.name']]));
});
