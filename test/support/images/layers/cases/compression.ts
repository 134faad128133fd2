// What layers come in: compressed with this and that, in one piece and in several, and damaged.
import { deflateRawSync, gzipSync, zstdCompressSync } from 'node:zlib';
import type { SentLayer } from '../by-ours.ts';
import { type LayerCase, refusedByUs, same } from '../layer-case.ts';
import { archive, file, folder } from '../raw-tar.ts';

const ARCHIVE = archive(folder('d/'), file('d/a', 'hello '.repeat(2000)), file('b', 'x'));
/** 1 MiB of the same byte, packed far smaller than any buffer. */
const LARGE = archive(file('a', Buffer.alloc(2 ** 20, 'x')));

const sent = (bytes: Buffer, of = ARCHIVE): SentLayer => ({ archive: of, sent: bytes });
const skippable = (text: string) => {
  const head = Buffer.alloc(8);
  head.writeUInt32LE(0x184d2a50, 0);
  head.writeUInt32LE(text.length, 4);
  return Buffer.concat([head, Buffer.from(text)]);
};
const damagedFrame = () => {
  const frame = zstdCompressSync(Buffer.from('hello '.repeat(1000)));
  return Buffer.concat([frame.subarray(0, -4), Buffer.alloc(4, 0xff)]);
};
const halves = [ARCHIVE.subarray(0, 1000), ARCHIVE.subarray(1000)];
/** Each file a member, and at the end one that tells where the list of all is (stargz). */
const TOC = archive(folder('d/'), file('stargz.index.json', '{"version":1,"entries":[]}'));
const footer = () => {
  const extra = Buffer.from('SG\x16\x000000000000000100STARGZ', 'latin1');
  const head = Buffer.from([0x1f, 0x8b, 8, 4, 0, 0, 0, 0, 0, 255, extra.length, 0]);
  return Buffer.concat([head, extra, deflateRawSync(''), Buffer.alloc(8)]);
};

export const COMPRESSION_CASES: readonly LayerCase[] = [
  same('gzip', sent(gzipSync(ARCHIVE))),
  same('gzip that packs a lot', sent(gzipSync(LARGE), LARGE)),
  same('gzip in several members', sent(Buffer.concat(halves.map((half) => gzipSync(half))))),
  same('gzip with a member of nothing', sent(Buffer.concat([gzipSync(ARCHIVE), gzipSync('')]))),
  same(
    'gzip members, a list and a footer, as stargz has them',
    sent(
      Buffer.concat([gzipSync(TOC.subarray(0, 512)), gzipSync(TOC.subarray(512)), footer()]),
      TOC,
    ),
  ),
  same('zstd', sent(zstdCompressSync(ARCHIVE))),
  same('zstd in several frames', sent(Buffer.concat(halves.map((half) => zstdCompressSync(half))))),
  same(
    'zstd with frames that are to be skipped',
    sent(Buffer.concat([skippable('before'), zstdCompressSync(ARCHIVE), skippable('after')])),
  ),
  same(
    'zstd with a frame of nothing and one of many blocks',
    sent(
      Buffer.concat([zstdCompressSync(''), zstdCompressSync(LARGE), zstdCompressSync('')]),
      LARGE,
    ),
  ),
  same(
    'zstd with a frame for each block',
    sent(
      Buffer.concat(
        Array.from({ length: ARCHIVE.length / 512 }, (_none, at) =>
          zstdCompressSync(ARCHIVE.subarray(at * 512, (at + 1) * 512)),
        ),
      ),
    ),
  ),
  refusedByUs(
    'zstd that ends within a frame to be skipped',
    /too early/,
    sent(Buffer.concat([zstdCompressSync(ARCHIVE), skippable('after').subarray(0, 10)])),
  ),
  refusedByUs(
    'zstd with a damaged second frame',
    /damaged/,
    sent(Buffer.concat([zstdCompressSync(halves[0] ?? ''), damagedFrame()])),
  ),
  refusedByUs(
    'gzip with something behind it',
    /follows its compressed bytes|damaged/,
    sent(Buffer.concat([gzipSync(ARCHIVE), Buffer.from('garbage')])),
  ),
  refusedByUs(
    'gzip with zeros behind it',
    /follows its compressed bytes|damaged/,
    sent(Buffer.concat([gzipSync(ARCHIVE), Buffer.alloc(100)])),
  ),
  refusedByUs(
    'zstd with something behind it',
    /follows its compressed bytes|damaged/,
    sent(Buffer.concat([zstdCompressSync(ARCHIVE), Buffer.from('garbage')])),
  ),
  refusedByUs('gzip that ends too early', /damaged/, sent(gzipSync(ARCHIVE).subarray(0, -10))),
  refusedByUs(
    'zstd that ends too early',
    /damaged|too early/,
    sent(zstdCompressSync(ARCHIVE).subarray(0, -10)),
  ),
  refusedByUs(
    'gzip with a wrong checksum',
    /damaged/,
    sent(Buffer.concat([gzipSync(ARCHIVE).subarray(0, -8), Buffer.alloc(8)])),
  ),
  refusedByUs('bzip2', /compressed with bzip2: push the image/, sent(Buffer.from('BZh91AY&SY'))),
  refusedByUs(
    'xz',
    /compressed with xz: push the image/,
    sent(Buffer.from('fd377a585a000004', 'hex')),
  ),
  refusedByUs(
    'lz4',
    /compressed with lz4: push the image/,
    sent(Buffer.from('04224d1800000000', 'hex')),
  ),
  refusedByUs(
    'zip',
    /compressed with zip: push the image/,
    sent(Buffer.from('504b030400000000', 'hex')),
  ),
];
