// Scratch folders of builds, and getting rid of those whose build was killed.
import { readdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { removeTree } from '../remove-tree.ts';
import { isAlive } from './is-alive.ts';

/** The name of this process's scratch folder for an image. */
export function scratchName(image: string): string {
  return `building-${image}-${process.pid}`;
}

/** Removes the scratch folders of builds that were killed; several builds may do so at once. */
export async function removeAbandoned(cache: string): Promise<void> {
  for (const name of await readdir(cache)) {
    const pid = /^building-(?:.+-)?(\d+)$/.exec(name)?.[1];
    if (pid === undefined || isAlive(Number(pid))) continue;
    const claimed = join(cache, scratchName(`removed-${name}`));
    if (await claim(join(cache, name), claimed)) await removeTree(claimed);
  }
}

/** Whether it was us who got it: only one of several can rename it. */
async function claim(from: string, to: string): Promise<boolean> {
  try {
    await rename(from, to);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return false;
    throw error;
  }
}
