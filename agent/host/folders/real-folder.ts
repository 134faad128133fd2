// Where a folder really is: the kernel's table of mounts knows no links, and nfs-ganesha exports nothing behind one.
import { realpath } from 'node:fs/promises';
import { resolve } from 'node:path';
import { WaltError } from '../../errors.ts';

/**
 * The absolute path without links; of a folder that is not there, the path as it is given.
 * @throws {WaltError} if NFS cannot export what is below it
 */
export async function realFolder(path: string): Promise<string> {
  const absolute = resolve(path);
  const real = await realpath(absolute).catch((thrown: NodeJS.ErrnoException) => {
    if (thrown.code === 'ENOENT') return absolute;
    throw thrown;
  });
  if (!/[\n\r]/.test(real)) return real;
  throw new WaltError(
    `Cannot use folder ${JSON.stringify(real)}: its path has a line break, and NFS cannot export such a path. Name another folder (state).`,
  );
}
