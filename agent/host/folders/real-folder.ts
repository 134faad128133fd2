// Where a folder really is: the kernel's table of mounts knows no links, and nfs-ganesha exports nothing behind one.
import { realpath, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { messageOf, WaltError } from '../../errors.ts';

/**
 * The absolute path without links of the state folder; where there is none yet, the path as it is given.
 * @throws {WaltError} if it is no folder, or NFS cannot export what is below it
 */
export async function realFolder(path: string): Promise<string> {
  const absolute = resolve(path);
  const real = await realpath(absolute).catch((thrown: NodeJS.ErrnoException) => {
    if (thrown.code === 'ENOENT') return absolute;
    throw unusable(absolute, messageOf(thrown), thrown);
  });
  const isFile = await stat(real).then(
    (status) => !status.isDirectory(),
    () => false,
  );
  if (isFile) throw unusable(absolute, 'it is a file');
  if (!/[\n\r]/.test(real)) return real;
  throw new WaltError(
    `Cannot use folder ${JSON.stringify(real)}: its path has a line break, and NFS cannot export such a path. Name another folder (state).`,
  );
}

function unusable(folder: string, why: string, cause?: unknown): WaltError {
  return new WaltError(
    `Cannot use folder ${folder}: ${why}. Name another folder (state).`,
    cause === undefined ? {} : { cause },
  );
}
