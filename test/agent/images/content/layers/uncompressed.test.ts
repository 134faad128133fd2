import { gzipSync, zstdCompressSync } from 'node:zlib';
import test from 'ava';
import { uncompressed } from '../../../../../agent/images/content/layers/uncompressed.ts';
import { inPieces } from '../../../../support/images/layers/by-ours.ts';

const TEXT = Buffer.from('All that is sent arrives once. '.repeat(20_000));

async function unpacked(sent: Buffer, length: number): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of uncompressed(inPieces(sent, length))) pieces.push(piece);
  return Buffer.concat(pieces);
}

/** Frames of zstd, each with so many bytes. */
function frames(length: number): Buffer {
  const parts: Buffer[] = [];
  for (let at = 0; at < TEXT.length; at += length) {
    parts.push(zstdCompressSync(TEXT.subarray(at, at + length)));
  }
  return Buffer.concat(parts);
}

function skippable(length: number): Buffer {
  const head = Buffer.alloc(8);
  head.writeUInt32LE(0x184d2a5f, 0);
  head.writeUInt32LE(length, 4);
  return Buffer.concat([head, Buffer.alloc(length, 0x28)]);
}

for (const [what, sent] of [
  ['nothing that compresses', TEXT],
  ['gzip', gzipSync(TEXT)],
  ['zstd', zstdCompressSync(TEXT)],
  ['two frames of zstd', frames(400_000)],
  ['two thousand frames of zstd', frames(300)],
  ['zstd behind a frame to be skipped', Buffer.concat([skippable(3), zstdCompressSync(TEXT)])],
  [
    'zstd before frames to be skipped',
    Buffer.concat([frames(10_000), skippable(70_000), skippable(0)]),
  ],
  ['zstd behind a frame of nothing', Buffer.concat([zstdCompressSync(''), frames(1_000_000)])],
] as const) {
  test(`uncompressed() unpacks ${what}, in pieces of any length`, async (t) => {
    for (const length of [7, 1000, 100_000]) t.true(TEXT.equals(await unpacked(sent, length)));
  });
}

test('uncompressed() refuses zstd at every byte where it may end too early', async (t) => {
  const sent = Buffer.concat([zstdCompressSync(Buffer.from('hello')), skippable(3)]);
  const ends = [zstdCompressSync(Buffer.from('hello')).length, sent.length];
  for (let length = 8; length <= sent.length; length += 1) {
    const reading = unpacked(sent.subarray(0, length), 5);
    if (ends.includes(length)) t.is((await reading).toString(), 'hello');
    else await t.throwsAsync(reading, { message: /damaged|too early/ });
  }
});
