// Names of network namespaces are files of /run/netns where the namespace is mounted (ip-netns(8)). What is left of one, as after a
// power cut where /run is on a disk, is a file that looks like one and is none.
import { lstat, readdir, rm, statfs } from 'node:fs/promises';
import { WaltError } from '../../errors.ts';
import { mountsOf } from '../../host/folders/mount-table.ts';

/** NSFS_MAGIC of Linux (include/uapi/linux/magic.h). */
const NSFS = 0x6e736673;

/** Whether a network namespace is mounted at a path. */
export async function isNamespace(path: string): Promise<boolean> {
  const type = await statfs(path).then(
    (status) => status.type,
    () => undefined,
  );
  return type === NSFS;
}

/**
 * Removes what bears a name, and is no namespace for anybody: an empty file, as ip(8) makes them.
 * @throws {WaltError} where it is something else, or others see a namespace there; nothing is removed then
 */
export async function removeStaleName(path: string): Promise<void> {
  const status = await lstat(path).catch(() => undefined);
  if (status === undefined) return;
  if (!status.isFile() || status.size > 0) {
    throw new WaltError(
      `${path} is no network, and not what ip(8) leaves of one. Look what it is, and remove it, or name another network`,
    );
  }
  const pid = await whoSeesMount(path);
  if (pid !== undefined) {
    throw new WaltError(
      `${path} is a network for process ${pid} and an empty file here, since the two have other mounts. End that process, or name another network`,
    );
  }
  await rm(path, { force: true });
}

/** A process with mounts of its own where something is mounted at this path. */
async function whoSeesMount(path: string): Promise<number | undefined> {
  const pids = (await readdir('/proc')).map(Number).filter((pid) => pid > 0);
  for (const pid of pids) if ((await mountsOf(pid)).has(path)) return pid;
  return undefined;
}
