// A folder with all that lead to it.
import { mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Makes what is missing.
 * @throws {Error} of node:fs, with the reason: for a disk that is read-only Node.js says of all of them at once that there is no such folder
 */
export async function makeFolders(path: string, mode = 0o777): Promise<void> {
  try {
    await mkdir(path, { recursive: true, mode });
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === 'ENOENT')
      await mkdir(await firstMissing(path), mode);
    throw thrown;
  }
}

async function firstMissing(path: string): Promise<string> {
  const above = dirname(path);
  const isThere = await stat(above).then(
    () => true,
    () => false,
  );
  return isThere || above === path ? path : await firstMissing(above);
}
