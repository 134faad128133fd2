// The initrd of an image, for a boot from a local disk: with a driver of the disk, and another last step.
import { chmod, copyFile, mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { $ } from '../../scripts/run.ts';

const MODULES = ['virtio_blk', 'ext4', 'crc32c_generic'];

/** What a local disk is made of: root file system of the image, as the server's store has it; address of the machine, with prefix. */
export type DiskOptions = { readonly image: string; readonly address: string };

/** What the initrd is made of: root file system of the image, folder of its model below `/boot`, and a folder for the parts. */
export type LocalInitrd = {
  readonly image: string;
  readonly model: string;
  readonly folder: string;
  /** leads to the disk */
  readonly bus: 'virtio_pci' | 'virtio_mmio';
};

/** Writes it to a file. */
export async function makeLocalInitrd(
  output: string,
  { image, model, folder, bus }: LocalInitrd,
): Promise<void> {
  const tree = join(folder, 'initrd-tree');
  await rm(tree, { recursive: true, force: true });
  await mkdir(tree);
  await $({ cwd: tree })`zstd -dcq ${join(image, 'boot', model, 'initrd')} | cpio -idm --quiet`;
  const [version = ''] = await readdir(join(tree, 'lib/modules'));
  const listed = await $`modprobe -d ${image} -S ${version} --show-depends -a ${[bus, ...MODULES]}`;
  for (const [, path = ''] of listed.stdout.matchAll(/^insmod (\S+)/gm)) {
    const target = join(tree, path.slice(path.indexOf('/lib/modules/'))).replace(/\.zst$/, '');
    await $`mkdir -p ${join(target, '..')} && zstd -dfq ${path} -o ${target}`;
  }
  await $`depmod -b ${tree} ${version}`;
  await copyFile(join(import.meta.dirname, 'local-init'), join(tree, 'init'));
  await chmod(join(tree, 'init'), 0o755);
  await $({
    cwd: tree,
  })`find . | cpio --create --format=newc --owner=0:0 --quiet | zstd -q -T0 -12 -f -o ${output}`;
}
