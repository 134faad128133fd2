// The same image on a local disk: what a boot over the network is measured against. A FAT disk starts the image's
// kernel by Syslinux; the root is ext4.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { $ } from '../../scripts/run.ts';
import { type DiskOptions, makeLocalInitrd } from './local-initrd.ts';

export type LocalDisk = { readonly boot: string; readonly root: string };

const MODEL = 'pc-x86-64';

/** Makes the two disks in a folder. */
export async function makeLocalDisk(
  folder: string,
  { image, address }: DiskOptions,
): Promise<LocalDisk> {
  const boot = join(folder, 'boot.img');
  const root = join(folder, 'root.img');
  const initrd = join(folder, 'initrd');
  await makeLocalInitrd(initrd, { image, model: MODEL, folder, bus: 'virtio_pci' });
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
  await $`mcopy -i ${boot} ${join(image, 'boot', MODEL, 'kernel')} ::kernel`;
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
