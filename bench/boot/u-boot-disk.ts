// The same image on a local disk of a board with U-Boot: one disk with two partitions, of which U-Boot reads kernel and initrd of the
// first (extlinux.conf), and Linux has the second as its root.
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { $ } from '../../scripts/run.ts';
import { type DiskOptions, makeLocalInitrd } from './local-initrd.ts';

const SECTOR = 512;
const [BOOT_AT, ROOT_AT] = [2048, 264_192];
const [BOOT_KIB, ROOT_KIB] = [131_072, 1_048_576];
const MODEL = 'qemu-arm64';

/** @returns QEMU's options for the disk; nothing that is written to it stays */
export async function makeUBootDisk(
  folder: string,
  { image, address }: DiskOptions,
): Promise<string[]> {
  const disk = join(folder, 'local.img');
  const boot = join(folder, 'local-boot');
  await rm(boot, { recursive: true, force: true });
  await mkdir(join(boot, 'extlinux'), { recursive: true });
  // Debian's package has it unpacked, and so have disks.
  await writeFile(
    join(boot, 'kernel'),
    gunzipSync(await readFile(join(image, 'boot', MODEL, 'kernel'))),
  );
  await makeLocalInitrd(join(boot, 'initrd'), { image, model: MODEL, folder, bus: 'virtio_mmio' });
  const append = `root=/dev/vda2 console=ttyAMA0,115200 net.ifnames=0 panic=30 local.address=${address}`;
  const config = ['default local', 'label local', ' kernel /kernel', ' initrd /initrd'];
  await writeFile(
    join(boot, 'extlinux/extlinux.conf'),
    `${[...config, ` append ${append}`].join('\n')}\n`,
  );
  const table = `${BOOT_AT},${BOOT_KIB * 2},L,*\n${ROOT_AT},${ROOT_KIB * 2},L\n`;
  await $`rm -f ${disk} && truncate -s ${(ROOT_AT + ROOT_KIB * 2) * SECTOR + 1_048_576} ${disk}`;
  await $({ input: table })`sfdisk --quiet ${disk}`;
  const place = (sector: number, kib: number) => [
    '-E',
    `offset=${sector * SECTOR}`,
    disk,
    `${kib}k`,
  ];
  await $`mke2fs -q -t ext2 -d ${boot} ${place(BOOT_AT, BOOT_KIB)}`;
  await $`mke2fs -q -t ext4 -d ${image} ${place(ROOT_AT, ROOT_KIB)}`;
  return [
    ...['-drive', `if=none,id=own,format=raw,snapshot=on,file=${disk}`],
    ...['-device', 'virtio-blk-device,drive=own'],
  ];
}
