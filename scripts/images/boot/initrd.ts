// Makes the initrd of an image: busybox, one script, and the kernel modules that lead to the image over NFS.
import { chmod, copyFile, mkdir, readFile, rm, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { settleCpio } from '../../archive/cpio-headers.ts';
import { $ } from '../../run.ts';
import type { KernelRecipe } from '../recipe.ts';
import { chooseModules, parseModulesDep } from './kernel-modules.ts';

/** Writes the initrd for the kernel unpacked in `root`, whose modules must not be compressed: busybox loads them. */
export async function makeInitrd(
  output: string,
  options: {
    readonly root: string;
    readonly version: string;
    readonly recipe: KernelRecipe;
    /** Folder with `init` and what else it needs at the top of the initrd. */
    readonly scripts: string;
    /** Scratch folder, removed at the end. */
    readonly scratch: string;
    /** The age that all its files get. */
    readonly date: Date;
  },
): Promise<void> {
  const { root, version, recipe, scripts, scratch, date } = options;
  await mkdir(join(scratch, 'bin'), { recursive: true });
  await mkdir(join(scratch, 'sbin'));
  for (const script of ['init', 'udhcpc-script']) {
    await copyFile(join(scripts, script), join(scratch, script));
    await chmod(join(scratch, script), 0o755);
  }
  await copyFile(join(root, 'bin/busybox'), join(scratch, 'bin/busybox'));
  // Where the kernel looks when it wants a module itself.
  await symlink('/bin/busybox', join(scratch, 'sbin/modprobe'));
  await copyModules(`lib/modules/${version}`, { from: root, to: scratch, recipe });
  await $`depmod -b ${scratch} ${version}`;
  await $({ cwd: scratch })`find . -exec touch --no-dereference --date=${date.toISOString()} {} +`;
  const archive = `${scratch}.cpio`;
  await $({
    cwd: scratch,
  })`find . -print0 | LC_ALL=C sort -z | cpio --null --create --format=newc --owner=0:0 --reproducible --quiet > ${archive}`;
  await settleCpio(archive);
  await $`zstd -q -T0 -12 -o ${output} ${archive}`;
  await rm(archive);
  await rm(scratch, { recursive: true });
}

async function copyModules(
  folder: string,
  {
    from,
    to,
    recipe,
  }: { readonly from: string; readonly to: string; readonly recipe: KernelRecipe },
): Promise<void> {
  const modules = parseModulesDep(await readFile(join(from, folder, 'modules.dep'), 'utf8'));
  const copies = chooseModules(modules, recipe).map(async (path) => {
    const target = join(to, folder, path);
    await mkdir(dirname(target), { recursive: true });
    await copyFile(join(from, folder, path), target);
  });
  await Promise.all(copies);
  for (const list of ['modules.builtin', 'modules.order', 'modules.builtin.modinfo']) {
    await copyFile(join(from, folder, list), join(to, folder, list));
  }
}
