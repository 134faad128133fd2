// Whether there is room for an image, asked before anything is written.
import { statfs } from 'node:fs/promises';
import { DiskError, diskWords, ImageError, WaltError } from '../../../errors.ts';

/** Left free for the database and the log. */
const RESERVE = 256 * 2 ** 20;

/** Bytes that images may still take of the file system of `folder`. */
export async function freeBytes(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return Math.max(0, bavail * bsize - RESERVE);
}

/** @throws {ImageError} if `bytes` more do not fit */
export async function requireSpace(
  folder: string,
  { bytes, what }: { readonly bytes: number; readonly what: string },
): Promise<void> {
  const free = await freeBytes(folder);
  if (bytes <= free) return;
  const megabytes = (count: number) => `${Math.ceil(count / 1e6)} MB`;
  throw new ImageError(
    `Not enough disk space for ${what}: ${megabytes(bytes)} needed, ${megabytes(free)} free. ` +
      'walt image gc frees what no image needs.',
  );
}

/** What a disk that takes nothing means for images; any other error as it is. */
export function inDiskWords(thrown: unknown): unknown {
  const words = thrown instanceof WaltError ? undefined : diskWords(thrown);
  if (words === undefined) return thrown;
  const remedy = words.includes('full') ? '. walt image gc frees what no image needs' : '';
  return new DiskError(`${words}${remedy}`, { cause: thrown });
}
