// An archive that is compressed as a whole is unpacked first: its parts are read as ranges of a file.
import { createReadStream, createWriteStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createZstdDecompress } from 'node:zlib';
import { WaltError } from '../../../errors.ts';
import { freeBytes } from '../../content/folders/disk-space.ts';

/** How bytes are compressed, as their beginning tells. */
export type Compression = 'none' | 'gzip' | 'zstd' | 'xz' | 'bzip2';

/** First bytes, in hex; a tar begins with the name of its first file, which may be `BZh`. */
const MAGIC: readonly (readonly [Compression, RegExp])[] = [
  ['gzip', /^1f8b/],
  ['zstd', /^28b52ffd/],
  ['xz', /^fd377a585a00/],
  ['bzip2', /^425a683[1-9]314159265359/],
];
const PIECE = 1 << 18;

/** How what begins at `offset` of a file is compressed. */
export async function compressionAt(path: string, offset: number): Promise<Compression> {
  await using handle = await open(path);
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(10), 0, 10, offset);
  const hex = buffer.subarray(0, bytesRead).toString('hex');
  return MAGIC.find(([, magic]) => magic.test(hex))?.[0] ?? 'none';
}

/**
 * @param work folder of the caller's own, for what has to be unpacked
 * @returns path of the archive, not compressed
 * @throws {WaltError} if it is compressed in a way that is not read here, or too large for the disk
 */
export async function plainTar(path: string, work: string): Promise<string> {
  const compression = await compressionAt(path, 0);
  if (compression === 'none') return path;
  if (compression === 'xz' || compression === 'bzip2') {
    const program = compression === 'xz' ? 'unxz' : 'bunzip2';
    throw new WaltError(`it is compressed with ${compression}: unpack it first (${program})`);
  }
  const target = join(work, 'archive.tar');
  const room = await freeBytes(work);
  const unpack = compression === 'gzip' ? createGunzip() : createZstdDecompress();
  const source = createReadStream(path, { highWaterMark: PIECE });
  try {
    await pipeline(source, unpack, (pieces) => bounded(pieces, room), createWriteStream(target));
  } catch (cause) {
    if (cause instanceof WaltError) throw cause;
    throw new WaltError(`it is damaged: ${(cause as Error).message}`, { cause });
  }
  return target;
}

async function* bounded(pieces: AsyncIterable<Uint8Array>, room: number) {
  let bytes = 0;
  for await (const piece of pieces) {
    bytes += piece.length;
    if (bytes > room) throw new WaltError('unpacked it is larger than what is free on the disk');
    yield piece;
  }
}
