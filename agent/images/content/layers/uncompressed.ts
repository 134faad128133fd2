// A layer's archive, whatever it was compressed with: what it is shows its beginning, for media types are often wrong.
import { Readable } from 'node:stream';
import { createGunzip, createZstdDecompress, zstdDecompressSync } from 'node:zlib';
import { ImageError, messageOf } from '../../../errors.ts';
import { ByteSource } from './tar/byte-source.ts';
import { frameBytes, nextFrame } from './zstd-frames.ts';

/** Some pieces are unpacked by another thread while one is looked at. */
const AHEAD = { chunkSize: 1 << 19, readableHighWaterMark: 4 << 20 };
const GZIP = '1f8b';
/** RFC 8878 §3.1.1 and §3.1.2: a frame, and one to be skipped (`.5x2a4d18`), with which zstd:chunked begins. */
const ZSTD = /^(28b52ffd|5.2a4d18)/;
/** Frames that are short and become no more than this are unpacked at once: zstd:chunked has one for each file. */
const SHORT_FRAME = 1 << 16;
const SHORT_CONTENT = 1 << 20;
const OTHERS = [
  { magic: '425a68', name: 'bzip2' },
  { magic: 'fd377a585a00', name: 'xz' },
  { magic: '04224d18', name: 'lz4' },
  { magic: '504b0304', name: 'zip' },
] as const;

/** @throws {ImageError} if it is damaged, or compressed with something else than gzip or zstd */
export async function* uncompressed(sent: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const pieces = sent[Symbol.asyncIterator]();
  let first = Buffer.alloc(0);
  while (first.length < 8) {
    const next = await pieces.next();
    if (next.done === true) break;
    first = Buffer.concat([first, next.value]);
  }
  const all = chained(first, pieces);
  const magic = first.subarray(0, 8).toString('hex');
  if (magic.startsWith(GZIP)) return yield* through(all, createGunzip(AHEAD));
  if (ZSTD.test(magic)) return yield* throughFrames(all);
  const other = OTHERS.find((one) => magic.startsWith(one.magic));
  if (other !== undefined) {
    throw new ImageError(
      `it is compressed with ${other.name}: push the image with gzip or zstd layers`,
    );
  }
  yield* all;
}

async function* chained(first: Buffer, rest: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  if (first.length > 0) yield first;
  for (;;) {
    const next = await rest.next();
    if (next.done === true) return;
    yield next.value;
  }
}

async function* throughFrames(sent: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const source = new ByteSource(sent);
  for (let magic = await nextFrame(source); magic; magic = await nextFrame(source)) {
    const pieces = frameBytes(magic, source);
    // Pieces are longer than a short frame, but for the last one.
    const first = (await pieces.next()).value as Buffer;
    const whole = first.length <= SHORT_FRAME ? unpackedShort(first) : undefined;
    if (whole !== undefined) yield whole;
    else yield* through(chained(first, pieces), createZstdDecompress(AHEAD));
  }
}

/** @returns undefined if it does not become something short; then a stream says why, or unpacks it */
function unpackedShort(frame: Buffer): Buffer | undefined {
  try {
    return zstdDecompressSync(frame, { maxOutputLength: SHORT_CONTENT });
  } catch {
    return undefined;
  }
}

async function* through(
  sent: AsyncIterable<Buffer>,
  unpacker: ReturnType<typeof createGunzip>,
): AsyncGenerator<Buffer> {
  let given = 0;
  let failed: unknown;
  const counted = async function* () {
    for await (const piece of sent) {
      given += piece.length;
      yield piece;
    }
  };
  const source = Readable.from(counted(), { objectMode: true, highWaterMark: 4 });
  source.once('error', (reason) => {
    failed = reason;
    unpacker.destroy(reason);
  });
  try {
    yield* source.pipe(unpacker) as AsyncIterable<Buffer>;
  } catch (thrown) {
    // What stopped the bytes is the reason, not that the archive then was too short.
    if (failed !== undefined) throw failed;
    throw new ImageError(`it is damaged: ${messageOf(thrown)}`, [], { cause: thrown });
  } finally {
    source.destroy();
  }
  if (unpacker.bytesWritten < given) throw new ImageError('something follows its compressed bytes');
}
