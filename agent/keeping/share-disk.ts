// The disk of a share: one file with an ext4 file system, whose size is what a node may keep. Its space is taken from the
// server's disk when it is made, so that no node fills the disk of others.
import { rename, rm, stat } from 'node:fs/promises';
import { messageOf, WaltError } from '../errors.ts';
import { mountsOf } from '../host/mount-table.ts';
import { runProgram } from '../host/program.ts';

/**
 * Arguments: the file, and where to mount it. The same file is never on two devices: the NFS server may have mounted it, and go on
 * when the server is started again. A device goes when nobody has it mounted any more.
 */
const MOUNT = `
set -e
device=$(losetup --noheadings --output NAME --associated "$1" | head -n 1)
[ -n "$device" ] || device=$(losetup --find --show "$1")
trap 'losetup --detach "$device" 2>/dev/null || :' EXIT
mount -i -t ext4 -o rw,nosuid,nodev,noatime,errors=remount-ro "$device" "$2"`;

/**
 * Makes the file where it is missing; a server that is killed meanwhile leaves none of this name.
 * @throws {WaltError} with the reason, as that the disk is full
 */
export async function makeShareDisk(file: string, bytes: number): Promise<void> {
  if (await isThere(file)) return;
  const temporary = `${file}.new`;
  await rm(temporary, { force: true });
  try {
    await runProgram('fallocate', ['--length', String(bytes), temporary]);
    // Space that is discarded goes back to the server's disk; so does what the kernel would fill with zeros later.
    const kept = 'nodiscard,lazy_itable_init=0,lazy_journal_init=0';
    const options = ['-q', '-m', '0', '-E', kept, '-L', 'persist'];
    await runProgram('mkfs.ext4', [...options, temporary]);
    await rename(temporary, file);
  } catch (cause) {
    await rm(temporary, { force: true });
    throw new WaltError(`Cannot make ${file} of ${bytes} bytes: ${messageOf(cause)}`, { cause });
  }
}

/** Mounts the disk, unless it is mounted there. @throws {WaltError} with the reason of mount(8) */
export async function mountShareDisk(file: string, place: string): Promise<void> {
  if ((await mountsOf('self')).has(place)) return;
  await runProgram('sh', ['-c', MOUNT, 'sh', file, place]);
}

/** Removes the disk with all that is on it; who still has it mounted keeps it until then. */
export async function removeShareDisk(file: string, place: string): Promise<void> {
  if ((await mountsOf('self')).has(place)) await runProgram('umount', ['--lazy', place]);
  for (const each of [file, place]) await rm(each, { recursive: true, force: true });
}

/** @throws {Error} of node:fs if that cannot be told */
export function isThere(file: string): Promise<boolean> {
  return stat(file).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return false;
      throw error;
    },
  );
}
