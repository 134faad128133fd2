// Puts a Debian kernel into an image without installing its package: the package wants a maker of initrds beside it,
// but a node's initrd is ours and goes with exactly this kernel, so apt must not change one without the other.
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { $ } from '../../run.ts';

/** Unpacks the kernel's package into the image's root and lists its modules. Returns the kernel's version. */
export async function addKernel(packageFile: string, root: string): Promise<string> {
  // `dpkg-deb --extract` would put a folder in place of the link /lib -> usr/lib.
  await $`dpkg-deb --fsys-tarfile ${packageFile} | tar --extract --keep-directory-symlink --directory ${root}`;
  const versions = await readdir(join(root, 'lib/modules'));
  const [version] = versions;
  if (version === undefined || versions.length > 1) {
    throw new Error(`Cannot use ${packageFile}: it holds ${versions.length} kernels, expected 1`);
  }
  await $`depmod -b ${root} ${version}`;
  return version;
}

/** Moves the kernel to where nodes get it from, and away what only a local boot loader or a debugger reads. */
export async function placeKernel(
  version: string,
  { root, folder }: { readonly root: string; readonly folder: string },
): Promise<void> {
  await mkdir(join(root, folder), { recursive: true });
  await rename(join(root, 'boot', `vmlinuz-${version}`), join(root, folder, 'kernel'));
  await rm(join(root, 'boot', `System.map-${version}`));
}

/** Where Debian's kernel packages have the device trees; PCs have none. */
export function deviceTreesOf(version: string, root: string): string {
  return join(root, 'usr/lib', `linux-image-${version}`);
}

/** Modules are three quarters of the image; kmod reads them as well when compressed, and so they travel faster. */
export async function compressModules(version: string, root: string): Promise<void> {
  const folder = join(root, 'lib/modules', version);
  await $`find ${folder} -name *.ko -print0 | xargs -0 -n 64 -P 2 zstd -q -3 --rm`;
  await $`depmod -b ${root} ${version}`;
}
