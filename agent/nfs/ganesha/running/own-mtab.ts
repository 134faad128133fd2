// ganesha finds disks by /etc/mtab, which root file systems of containers may lack.
import { lstat, mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';

const MTAB = '/etc/mtab';
const MOUNTS = '/proc/self/mounts';

/**
 * The machine's own /etc stays as it is: ganesha sees it with our folder laid over it, in a mount namespace of its own.
 * The folder's name is not among the options, where a comma or a colon in it would mean something.
 */
const WITH_MTAB = [
  ...['unshare', '--mount', '--propagation', 'slave', 'sh', '-c'],
  'cd "$0" && mount -t overlay -o nosuid,nodev,lowerdir=etc:/etc etc /etc && cd / && exec "$@"',
];

/**
 * The command that runs another one where there is a table of mounts; empty where the machine has one.
 * @param folder ours, kept while the command runs
 */
export async function mtabPrefix(folder: string): Promise<string[]> {
  if (await isThere(MTAB)) return [];
  const link = join(folder, MTAB);
  await mkdir(join(folder, 'etc'), { recursive: true });
  if (!(await isThere(link))) await symlink(MOUNTS, link);
  return [...WITH_MTAB, folder];
}

function isThere(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}
