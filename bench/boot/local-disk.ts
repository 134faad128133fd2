// The same image on a local disk: what a boot over the network is measured against. A FAT disk starts the image's
// kernel by Syslinux; the initrd is the image's, with a disk driver and another last step; the root is ext4.
import { chmod, copyFile, mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { $ } from '../../scripts/run.ts';

export type LocalDisk = { readonly boot: string; readonly root: string };

const MODULES = ['virtio_pci', 'virtio_blk', 'ext4', 'crc32c_generic'];

/**
 * @param image root file system of the image, as the server's store has it
 * @param address of the machine, with prefix
 */
export async function makeLocalDisk(
  folder: string,
  { image, address }: { readonly image: string; readonly address: string },
): Promise<LocalDisk> {
  const boot = join(folder, 'boot.img');
  const root = join(folder, 'root.img');
  const initrd = join(folder, 'initrd');
  await makeInitrd(initrd, { image, folder });
  const config = join(folder, 'syslinux.cfg');
  const lines = [
    'DEFAULT local',
    'LABEL local',
    'LINUX /kernel',
    'INITRD /initrd',
    `APPEND root=/dev/vdb console=tty0 console=ttyS0,115200 net.ifnames=0 panic=30 local.address=${address}`,
  ];
  await writeFile(config, `${lines.join('\n')}\n`);
  await $`rm -f ${boot} && mkfs.fat -C ${boot} 65536`;
  await $`mcopy -i ${boot} ${config} ::syslinux.cfg`;
  await $`mcopy -i ${boot} ${join(image, 'boot/pc-x86-64/kernel')} ::kernel`;
  await $`mcopy -i ${boot} ${initrd} ::initrd`;
  await $`syslinux --install ${boot}`;
  await $`truncate -s 1G ${root} && mke2fs -q -t ext4 -d ${image} ${root}`;
  return { boot, root };
}

/** QEMU's options for both disks; nothing that is written to them stays. */
export function localDiskArguments({ boot, root }: LocalDisk): string[] {
  const disk = (id: string, file: string, index: string) => [
    ...['-drive', `if=none,id=${id},format=raw,snapshot=on,file=${file}`],
    ...['-device', `virtio-blk-pci,drive=${id}${index}`],
  ];
  return [...disk('boot', boot, ',bootindex=0'), ...disk('root', root, '')];
}

async function makeInitrd(
  output: string,
  { image, folder }: { readonly image: string; readonly folder: string },
): Promise<void> {
  const tree = join(folder, 'initrd-tree');
  await rm(tree, { recursive: true, force: true });
  await mkdir(tree);
  await $({ cwd: tree })`zstd -dcq ${join(image, 'boot/pc-x86-64/initrd')} | cpio -idm --quiet`;
  const [version = ''] = await readdir(join(tree, 'lib/modules'));
  const listed = await $`modprobe -d ${image} -S ${version} --show-depends -a ${MODULES}`;
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
