// The folder of a virtual machine, as who starts QEMU sees it: by open files. Where the server has a user of its own, names in it are
// that user's to change, and root goes by none of them.
import { constants, type FileHandle, open, readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { WaltError } from '../../../errors.ts';
import { openBeneath } from '../../../host/folders/open-beneath.ts';
import { idsOf } from '../../../host/processes/user-ids.ts';
import type { MachineFiles } from '../machine-files.ts';

/** What QEMU writes to, of what the server makes. */
const WRITTEN = /^(?:disk-\d+\.raw|vars\.fd)$/;
/** Bytes of a file that are read: others may make it as long as they like. */
const MOST_READ = 2 ** 16;
const { O_NOFOLLOW, O_NONBLOCK, O_RDONLY } = constants;

/** Names in a folder that stays the same, whatever its path leads to meanwhile. */
export type OpenFolder = AsyncDisposable & {
  readonly handle: FileHandle;
  inside(name: string): string;
  /** The end of a file, as far as somebody wants to know it. @throws {Error} where it is none: a pipe would keep its reader waiting */
  read(name: string): Promise<string>;
};

/** @throws {WaltError} where it is not there, or a link leads there */
export async function openMachineFolder({ folder }: MachineFiles): Promise<OpenFolder> {
  const parent = dirname(folder);
  const path = join(basename(parent), basename(folder));
  const handle = await openBeneath({ folder: dirname(parent), path, kind: 'folder' });
  const inside = (name: string) => `/proc/self/fd/${handle.fd}/${name}`;
  return {
    ...{ handle, inside },
    read: async (name) => {
      await using file = await open(inside(name), O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
      const stats = await file.stat();
      if (!stats.isFile()) throw new WaltError(`Cannot read ${name} of the machine: it is no file`);
      const length = Math.min(stats.size, MOST_READ);
      const { buffer, bytesRead } = await file.read(
        Buffer.alloc(length),
        0,
        length,
        stats.size - length,
      );
      return buffer.toString('utf8', 0, bytesRead);
    },
    [Symbol.asyncDispose]: () => handle.close(),
  };
}

/**
 * Lets a user write to the machine's disks and variables, and make files beside them. They stay the server's, who can remove them.
 * @throws {WaltError} where there is no such user, or one of them is a link
 */
export async function shareWith(user: string, { handle, inside }: OpenFolder): Promise<void> {
  const gid = (await idsOf('passwd', user))?.gid;
  if (gid === undefined) {
    throw new WaltError(`There is no user ${user} on this machine (systemd-sysusers walt.conf)`);
  }
  await giveGroup(handle, gid, 0o770);
  for (const name of await readdir(inside('.'))) {
    if (!WRITTEN.test(name)) continue;
    await using file = await open(inside(name), O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
    const { nlink } = await file.stat();
    // A second name may be that of a file elsewhere.
    if (nlink > 1) throw new WaltError(`${name} of the machine has another name, too`);
    await giveGroup(file, gid, 0o660);
  }
}

async function giveGroup(handle: FileHandle, gid: number, mode: number): Promise<void> {
  const { uid } = await handle.stat();
  await handle.chown(uid, gid);
  await handle.chmod(mode);
}
