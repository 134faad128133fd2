// The files of an archive, whether it is a folder or a tar: where each is, and its bytes where it is small.
import { open } from 'node:fs/promises';
import { WaltError } from '../../../errors.ts';
import type { PartPlace } from '../../content/source.ts';

/** Where a file of an archive is on the disk. */
export type FilePlace = Extract<PartPlace, { kind: 'file' }>;

/** Finds files by their path in the archive; undefined for what is not there or is no file. */
export type ArchiveFiles = {
  readonly find: (name: string) => Promise<FilePlace | undefined>;
};

/** @throws {WaltError} if it has more than `limit` bytes, or less than it should */
export async function readPlace(
  { path, offset, length }: FilePlace,
  limit: number,
): Promise<Uint8Array> {
  if (length > limit) throw new WaltError(`one of its documents is larger than ${limit} bytes`);
  await using handle = await open(path);
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, offset);
  if (bytesRead === length) return buffer;
  throw new WaltError('it has become shorter while it was read');
}

/** The parts of a path; undefined where it leads out at the top. */
export function pathParts(path: string): string[] | undefined {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..') parts.push(part);
    else if (parts.pop() === undefined) return undefined;
  }
  return parts;
}
