// The end of a backup: SHA-256 of all that comes before, in a frame that zstd skips. Node's decompressor does not notice every
// archive that was cut.
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';

/** RFC 8878 §3.1.2: magic number and length of a skippable frame, little endian. */
const HEAD = Buffer.from('502a4d1820000000', 'hex');
/** RFC 8878 §3.1.1: magic number of a frame, little endian. */
const ZSTD = Buffer.from('28b52ffd', 'hex');
const SUM_BYTES = 32;

/** Bytes at the end of a backup that are no part of its archive. */
export const SEAL_BYTES = HEAD.length + SUM_BYTES;

/** Puts the seal behind a whole archive, on disk. */
export async function seal(file: string, signal: AbortSignal): Promise<void> {
  const { size } = await stat(file);
  const sum = await sumOfFirst(file, size, signal);
  await using handle = await open(file, 'a');
  await handle.writeFile(Buffer.concat([HEAD, sum]));
  await handle.sync();
}

/** Whether a file begins as all backups do, whatever became of its end. @throws {Error} of node:fs, if it cannot be read */
export async function isCompressed(file: string): Promise<boolean> {
  await using handle = await open(file, 'r');
  const begin = Buffer.alloc(ZSTD.length);
  await handle.read(begin, 0, ZSTD.length, 0);
  return begin.equals(ZSTD);
}

/** Whether a file is as it was sealed. @throws {Error} of node:fs, if it cannot be read */
export async function isSealed(file: string, signal: AbortSignal): Promise<boolean> {
  await using handle = await open(file, 'r');
  const { size } = await handle.stat();
  if (size <= SEAL_BYTES) return false;
  const end = Buffer.alloc(SEAL_BYTES);
  await handle.read(end, 0, SEAL_BYTES, size - SEAL_BYTES);
  if (!end.subarray(0, HEAD.length).equals(HEAD)) return false;
  return end.subarray(HEAD.length).equals(await sumOfFirst(file, size - SEAL_BYTES, signal));
}

async function sumOfFirst(file: string, bytes: number, signal: AbortSignal): Promise<Buffer> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(file, { end: bytes - 1, signal })) hash.update(chunk);
  return hash.digest();
}
