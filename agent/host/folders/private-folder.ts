// Folders and files of the server that no other user of this machine may read: an image has programs with the setuid bit.
import { chmod, chown, open, stat } from 'node:fs/promises';
import { makeFolders } from './make-folders.ts';

/** Whom the kernel's NFS server is on the way from the root to an NFSv4 export (exports(5), `anongid`). */
const NFS_NOBODY = 65534;

/**
 * Makes the folder where it is missing, and its owner's alone. A group that `openToNfsd` gave it may still go through; so may others where
 * the folder belongs to a user (`giveState`).
 * @throws {Error} of node:fs
 */
export async function makePrivateFolder(folder: string): Promise<void> {
  await makeFolders(folder, 0o700);
  const { mode, gid, uid } = await stat(folder);
  const others = uid === 0 ? 0 : 0o011;
  const wanted = 0o700 | (mode & (others | (gid === NFS_NOBODY ? 0o010 : 0)));
  if ((mode & 0o7777) !== wanted) await chmod(folder, wanted);
}

/**
 * Lets the kernel's NFS server go through a private folder, and read nothing of it.
 * @throws {Error} of node:fs
 */
export async function openToNfsd(folder: string): Promise<void> {
  const { uid, mode } = await stat(folder);
  // Others may go through what belongs to a user: so may the kernel's NFS server.
  if (uid !== 0 && (mode & 0o001) !== 0) return;
  await chown(folder, uid, NFS_NOBODY);
  await chmod(folder, 0o710);
}

/**
 * Makes the file where it is missing, and root's alone. Its content stays.
 * @throws {Error} of node:fs
 */
export async function makePrivateFile(file: string): Promise<void> {
  const known = await stat(file).catch(() => undefined);
  if (known !== undefined && (known.mode & 0o7777) === 0o600) return;
  await using handle = await open(file, 'a', 0o600);
  await handle.chmod(0o600);
}
