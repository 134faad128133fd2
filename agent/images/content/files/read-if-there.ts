// Files that may be missing. Every other failure is one: a disk that does not give a file has not said that there is none.
import { readFile } from 'node:fs/promises';

/**
 * Text of a file, UTF-8; undefined if there is none.
 * @throws {Error} of node:fs if it is there and cannot be read
 */
export async function readIfThere(path: string): Promise<string | undefined> {
  return await readFile(path, 'utf8').catch((thrown: NodeJS.ErrnoException) => {
    if (thrown.code === 'ENOENT' || thrown.code === 'ENOTDIR') return undefined;
    throw thrown;
  });
}
