// The initrd of virtual machines of ours whose root file system is a virtio disk: busybox, the modules that lead to the disk,
// and an init of the caller's.
import { chmod, cp, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { chooseModules, parseModulesDep } from '../images/boot/kernel-modules.ts';
import { $ } from '../run.ts';

/** The way to the disk; Debian's kernel for clouds has ext4 built in, and that of Debian 13 these too. */
const MODULES = ['virtio_pci', 'virtio_blk'];
const LISTS = ['modules.builtin', 'modules.order', 'modules.builtin.modinfo'];

/**
 * Fills a folder with busybox and the modules, from a root file system that has Debian's busybox-static and kernel.
 * @param version of the kernel
 */
export async function fillInitrd(
  folder: string,
  { root, version }: { readonly root: string; readonly version: string },
): Promise<void> {
  const modules = join('lib/modules', version);
  const builtIn = await readFile(join(root, modules, 'modules.builtin'), 'utf8');
  const known = parseModulesDep(await readFile(join(root, modules, 'modules.dep'), 'utf8'));
  const chosen = chooseModules(known, {
    metapackage: '',
    initrdModules: MODULES.filter((name) => !builtIn.includes(`/${name}.ko`)),
    initrdLeavesOut: [],
  });
  for (const path of [...chosen, ...LISTS]) {
    await cp(join(root, modules, path), join(folder, modules, path));
    // As kernels from Debian 13 on have them; busybox reads none of it.
    if (path.endsWith('.xz')) await $`xz --decompress ${join(folder, modules, path)}`;
  }
  await cp(join(root, 'bin/busybox'), join(folder, 'bin/busybox'));
  await $`depmod -b ${folder} ${version}`;
}

/** Packs the folder, with the file `init` as its init, as the kernel takes it. */
export async function packInitrd(
  folder: string,
  { init, output }: { readonly init: string; readonly output: string },
): Promise<void> {
  await cp(init, join(folder, 'init'));
  await chmod(join(folder, 'init'), 0o755);
  const cpio = 'find . -print0 | cpio --null --create --format=newc --owner=0:0 --quiet | gzip -1';
  await $({ cwd: folder })`sh -c ${cpio} > ${output}`;
}
