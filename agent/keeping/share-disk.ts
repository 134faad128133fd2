// The disk of a share: one file with an ext4 file system, whose size is what a node may keep. Its space is taken from the
// server's disk when it is made, so that no node fills the disk of others.
import { rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf, WaltError } from '../errors.ts';
import { mountsOf } from '../host/folders/mount-table.ts';
import type { Mounter } from '../host/mounting/mounter.ts';
import { runProgram } from '../host/processes/program.ts';
import { SHARE_FILES } from '../nfs/export.ts';

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

/** A disk, where it is mounted, and who mounts it. */
export type MountedDisk = {
  readonly file: string;
  readonly place: string;
  readonly mounter: Mounter;
};

/**
 * Mounts the disk, unless it is mounted there.
 * @param uid whose the folder of files on it is
 * @throws {WaltError} with the reason of mount(8)
 */
export async function mountShareDisk(
  { file, place, mounter }: MountedDisk,
  uid: number,
): Promise<void> {
  if ((await mountsOf('self')).has(place)) {
    if (await isThere(join(place, SHARE_FILES))) return;
    // Who mounted it was killed before it could make the folder.
    await mounter.unmount(place);
  }
  await mounter.mountExt4(place, file, { name: SHARE_FILES, uid });
}

/** Removes the disk with all that is on it; who still has it mounted keeps it until then. */
export async function removeShareDisk({ file, place, mounter }: MountedDisk): Promise<void> {
  if ((await mountsOf('self')).has(place)) await mounter.unmount(place);
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
