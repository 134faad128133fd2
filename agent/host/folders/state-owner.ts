// Whose the state folder is: root's, or that of the user who the server's unit is. Helpers, which are root, then open nothing below it
// by a name that the server could have made a link of, and keep their own records elsewhere.
import { constants, type FileHandle, lchown, lstat, open, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { openBeneath } from './open-beneath.ts';

/** Numbers of a user and of a group. */
export type Owner = { readonly uid: number; readonly gid: number };

/** Where helpers keep their records if the state is not root's (`StateDirectory=` of walt-runner.service). */
export const RUNNER_RECORDS = '/var/lib/walt-runner';
/** Others may go through, and read nothing: QEMU, who is a user of its own, and the kernel's NFS server. */
const THROUGH = 0o711;
/** Files of virtual machines, which QEMU shares. */
export const MACHINES = 'machines';

/**
 * What stays whose it is: where an image is mounted (on a machine without EROFS its files are there), and the links to images that the kernel's
 * NFS server follows.
 */
const LEFT = /^(?:images\/[^/]+\/fs|nodes)$/;
const FOLDER = constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW;

/** @returns undefined where it is root's, or not there yet */
export async function ownUserOf(state: string): Promise<Owner | undefined> {
  const { uid, gid } = (await stat(state).catch(() => undefined)) ?? { uid: 0, gid: 0 };
  return uid === 0 ? undefined : { uid, gid };
}

/** Folder of what root keeps about programs that it runs for the server. */
export async function recordsOf(state: string): Promise<string> {
  return (await ownUserOf(state)) === undefined ? state : RUNNER_RECORDS;
}

/**
 * Gives the state folder to a user, with all that is in it and root's: what an earlier server, a restored backup or a command of
 * root left. What is mounted in it stays as it is; so do files of other users, as those of QEMU, and images that are folders.
 * @param machines the group that shares the folder of virtual machines
 * @throws {Error} of node:fs
 */
export async function giveState(state: string, owner: Owner, machines: number): Promise<void> {
  await using folder = await open(state, FOLDER);
  const { dev } = await folder.stat();
  await folder.chown(owner.uid, owner.gid);
  await folder.chmod(THROUGH);
  await giveWithin(folder, '', { owner, dev });
  await using shared = await openBeneath({ folder: state, path: MACHINES, kind: 'folder' }).catch(
    () => undefined,
  );
  await shared?.chown(owner.uid, machines);
  await shared?.chmod(0o710);
}

/**
 * Gives to whom the state folder belongs what root has made in a folder of it.
 * @param path leads from the state folder; nothing happens where there is nothing
 * @throws {WaltError} where it is no folder, or a link leads there
 */
export async function giveBack(state: string, path: string): Promise<void> {
  const owner = await ownUserOf(state);
  const isThere = await lstat(join(state, path)).then(
    () => true,
    () => false,
  );
  if (owner === undefined || !isThere) return;
  await using folder = await openBeneath({ folder: state, path, kind: 'folder' });
  const { dev } = await folder.stat();
  await folder.chown(owner.uid, owner.gid);
  await giveWithin(folder, path, { owner, dev });
}

/** Gives all that root has made in the state folder to whom that is. */
export async function giveAllBack(state: string): Promise<void> {
  const owner = await ownUserOf(state);
  if (owner === undefined) return;
  await using folder = await open(state, FOLDER);
  const { dev } = await folder.stat();
  await giveWithin(folder, '', { owner, dev });
}

type Giving = { readonly owner: Owner; readonly dev: number };

/** Each folder is held open while its entries are given: nobody can lead this elsewhere by renaming. */
async function giveWithin(folder: FileHandle, path: string, giving: Giving): Promise<void> {
  const { owner, dev } = giving;
  const place = `/proc/self/fd/${folder.fd}`;
  for (const { name } of await readdir(place, { withFileTypes: true })) {
    const each = join(place, name);
    const stats = await lstat(each).catch(() => undefined);
    // Something is mounted there: an image, or what a node keeps.
    if (stats === undefined || stats.dev !== dev) continue;
    // A second name may be that of a file elsewhere.
    const isOne = stats.isDirectory() || stats.nlink === 1;
    const inside = join(path, name);
    if (LEFT.test(inside)) continue;
    if (stats.uid === 0 && isOne) await lchown(each, owner.uid, owner.gid).catch(unlessGone);
    if (!stats.isDirectory()) continue;
    await using within = await open(each, FOLDER).catch(unlessGone);
    if (within !== undefined) await giveWithin(within, inside, giving);
  }
}

/** A server that runs meanwhile makes and removes what it works with. */
function unlessGone(reason: NodeJS.ErrnoException): undefined {
  if (!['ENOENT', 'ENOTDIR', 'ELOOP'].includes(reason.code ?? '')) throw reason;
}
