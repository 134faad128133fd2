// Reads files of an image for the checks: as a node would find them, and never more than is needed.
import { open, readdir } from 'node:fs/promises';
import { resolveFolderInside, resolveInside } from './inside.ts';

const MOST_TEXT = 16 * 2 ** 20;

/** The first bytes of a file, at most `length`; undefined if there is no such file. */
export async function firstBytes(
  rootfs: string,
  path: string,
  length: number,
): Promise<Uint8Array | undefined> {
  const found = await resolveInside(rootfs, path);
  if (found.kind !== 'file') return undefined;
  const file = await open(found.path);
  try {
    const wanted = Buffer.alloc(Math.min(length, found.size));
    const { bytesRead } = await file.read(wanted, 0, wanted.length, 0);
    return wanted.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

/** A text file; undefined if there is none. */
export async function textOf(rootfs: string, path: string): Promise<string | undefined> {
  const bytes = await firstBytes(rootfs, path, MOST_TEXT);
  return bytes === undefined ? undefined : Buffer.from(bytes).toString('latin1');
}

/** Names in a folder; none if there is no such folder. */
export async function namesIn(rootfs: string, path: string): Promise<string[]> {
  const folder = await resolveFolderInside(rootfs, path);
  if (folder === undefined) return [];
  return (await readdir(folder).catch(() => [])).toSorted();
}
