// What building an image needs of this machine, said before the work begins rather than in its middle.
import { statfs } from 'node:fs/promises';
import { $ } from '../run.ts';

/** Root file system, its tar, its compressed layer and the archive stand side by side for a moment. */
const GIBIBYTES = 3;

/** @throws {Error} unless run by root: files of an image belong to many users. */
export function requireRoot(): void {
  if (process.getuid?.() === 0) return;
  throw new Error('Cannot build an image: it must be run by root. Try again with sudo.');
}

/** @throws {Error} naming the programs that are missing. */
export async function requirePrograms(programs: readonly string[]): Promise<void> {
  const missing: string[] = [];
  for (const program of programs) {
    const { exitCode } = await $({ nothrow: true })`command -v ${program}`;
    if (exitCode !== 0) missing.push(program);
  }
  if (missing.length === 0) return;
  throw new Error(
    `Cannot build an image: ${missing.join(', ')} not found. Install the Debian packages mmdebstrap kmod zstd cpio.`,
  );
}

/** @throws {Error} when the file system of the folder has too little space left. */
export async function requireDiskSpace(folder: string): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  const free = (bavail * bsize) / 2 ** 30;
  if (free >= GIBIBYTES) return;
  throw new Error(
    `Cannot build an image in ${folder}: ${free.toFixed(1)} GiB are free, expected ${GIBIBYTES} GiB. ` +
      'Make room, or name another folder with WALT_CACHE.',
  );
}
