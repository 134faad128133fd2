// Lays the node side over a freshly unpacked image: walt-init and its keepers, and the server's key.
import { chmod, cp, lstat, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { ImageError } from '../../../errors.ts';
import { resolveFolderInside, resolveInside } from '../files/inside.ts';

/** What walt-init, or the initrd before it, mounts on: the image is read-only by then. */
const MOUNT_POINTS = ['dev', 'proc', 'run', 'sys'] as const;

/**
 * Copies every file of `overlay` to its place in `rootfs`, and lets the server in over ssh.
 * The image's own links are honoured (`/bin` may be a link to `usr/bin`), but never out of the image. What else has the place of
 * one of our files, of a folder to mount on or of the folder of the key is removed.
 * @param publicKey line for /root/.ssh/authorized_keys
 * @throws {ImageError} if `/bin`, or another folder of the overlay, is none in the image or leads out of it
 */
export async function layOverlay(
  rootfs: string,
  options: { readonly overlay: string; readonly publicKey: string },
): Promise<void> {
  const { overlay, publicKey } = options;
  const entries = await readdir(overlay, { recursive: true, withFileTypes: true });
  for (const entry of entries) {
    if (entry.isDirectory()) continue;
    const source = join(entry.parentPath, entry.name);
    const folder = await folderIn(rootfs, dirname(source.slice(overlay.length + 1)));
    const target = join(folder, entry.name);
    await rm(target, { recursive: true, force: true });
    await cp(source, target, { verbatimSymlinks: true, preserveTimestamps: true });
  }
  for (const folder of MOUNT_POINTS) await ownFolder(rootfs, folder);
  await authorize(rootfs, publicKey);
}

async function authorize(rootfs: string, publicKey: string): Promise<void> {
  const ssh = await ownFolder(rootfs, 'root/.ssh');
  await chmod(ssh, 0o700);
  const file = join(ssh, 'authorized_keys');
  const key = publicKey.trim();
  const before = (await readRegular(file)).split('\n');
  const others = before.filter((line) => line.trim() !== '' && line.trim() !== key);
  await rm(file, { recursive: true, force: true });
  await writeFile(file, `${[...others, key].join('\n')}\n`, { mode: 0o600 });
}

async function folderIn(rootfs: string, relative: string): Promise<string> {
  const made = await makeFolder(rootfs, relative);
  if (made !== undefined) return made;
  const what = await resolveInside(rootfs, relative);
  const why = what.kind === 'refused' ? what.reason : 'it is something else there';
  throw new ImageError(
    `/${relative} of this image has to be a folder, since nodes find programs of the server there: ${why}`,
  );
}

/** As `folderIn`, but what is no folder there, or leads out of the image, gives way. */
async function ownFolder(rootfs: string, relative: string): Promise<string> {
  const parent = dirname(relative);
  const above = parent === '.' ? rootfs : await ownFolder(rootfs, parent);
  const made = await makeFolder(rootfs, relative);
  if (made !== undefined) return made;
  const folder = join(above, basename(relative));
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { mode: relative === 'root' ? 0o700 : 0o755 });
  return folder;
}

/** @returns undefined where something else is in the way, or a link leads out */
async function makeFolder(rootfs: string, relative: string): Promise<string | undefined> {
  const path = await resolveFolderInside(rootfs, relative);
  if (path === undefined) return undefined;
  try {
    await mkdir(path, { recursive: true });
    return path;
  } catch (thrown) {
    const { code } = thrown as NodeJS.ErrnoException;
    if (code === 'ENOTDIR' || code === 'EEXIST') return undefined;
    throw thrown;
  }
}

async function readRegular(file: string): Promise<string> {
  const status = await lstat(file).catch(() => undefined);
  return status?.isFile() === true ? await readFile(file, 'utf8') : '';
}
