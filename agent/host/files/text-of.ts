// Files that may not be there yet, or belong to a process that is just ending.
import { readFile } from 'node:fs/promises';

/** The text of the file; empty if there is none. */
export function textOf(path: string): Promise<string> {
  return readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ESRCH') return '';
    throw error;
  });
}
