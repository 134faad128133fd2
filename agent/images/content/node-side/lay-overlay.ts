// Lays the node side over a freshly unpacked image: walt-init and its keepers, and the server's key.
import { chmod, cp, lstat, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ImageError } from '../../../errors.ts';
import { resolveFolderInside } from '../files/inside.ts';

/**
 * Copies every file of `overlay` to its place in `rootfs`, and lets the server in over ssh.
 * The image's own links are honoured (`/bin` may be a link to `usr/bin`), but never out of the image.
 * @param publicKey line for /root/.ssh/authorized_keys
 * @throws {ImageError} if a folder of the image leads out of it
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
    await rm(target, { force: true });
    await cp(source, target, { verbatimSymlinks: true, preserveTimestamps: true });
  }
  await authorize(rootfs, publicKey);
}

async function authorize(rootfs: string, publicKey: string): Promise<void> {
  const ssh = await folderIn(rootfs, 'root/.ssh');
  await chmod(ssh, 0o700);
  const file = join(ssh, 'authorized_keys');
  const key = publicKey.trim();
  const before = (await readRegular(file)).split('\n');
  const others = before.filter((line) => line.trim() !== '' && line.trim() !== key);
  await rm(file, { force: true });
  await writeFile(file, `${[...others, key].join('\n')}\n`, { mode: 0o600 });
}

async function folderIn(rootfs: string, relative: string): Promise<string> {
  const found = await resolveFolderInside(rootfs, relative);
  if (found === undefined) throw new ImageError(`/${relative} of this image leads out of it`);
  await mkdir(found, { recursive: true });
  return found;
}

async function readRegular(file: string): Promise<string> {
  const status = await lstat(file).catch(() => undefined);
  return status?.isFile() === true ? await readFile(file, 'utf8') : '';
}
