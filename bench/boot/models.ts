// The machines of which a boot is measured: which image they boot, how they are started, and the disk that they are measured against.
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { Machine } from '../../agent/machines/qemu-arguments.ts';
import { buildQemuUBoot } from '../../lab/built.ts';
import { defaultImage, stick as STICK } from '../../lab/lab.ts';
import { type Builder, platformBuilders } from '../../scripts/builders/builders.ts';
import { localDiskArguments, makeLocalDisk } from './local-disk.ts';
import type { DiskOptions } from './local-initrd.ts';
import { makeUBootDisk } from './u-boot-disk.ts';

/** How a machine is to start. */
export type Start = Pick<Machine, 'firmware' | 'bios' | 'extraArguments' | 'usbDisk'>;

/** One row. */
export type Model = {
  /** archive of its image */
  readonly image: string;
  /** what builds it, and what else is run */
  readonly builders: readonly Builder[];
  /** section of docs/performance.md */
  readonly section: string;
  /** beside those of all machines */
  readonly programs: readonly string[];
  /** what is looked for before anything starts, by the Debian package that has it */
  readonly files: Readonly<Record<string, string>>;
  /** whether it may have other cards than virtio's */
  readonly hasCards: boolean;
  /** whether its image has kexec */
  readonly goesByKexec: boolean;
  readonly overNetwork: (folder: string) => Promise<Start>;
  readonly fromDisk: (folder: string, options: DiskOptions) => Promise<Start>;
};

/** @returns the stick that PCs boot from, as it ships */
async function unpackStick(folder: string): Promise<string> {
  const stick = join(folder, 'bench-stick.img');
  await writeFile(stick, gunzipSync(await readFile(STICK)));
  return stick;
}

/** Plugged in, and not booted: the kernel has the same to find on both machines. */
function stickBeside(stick: string): string[] {
  return [
    ...['-drive', `if=none,id=stick,format=raw,snapshot=on,file=${stick}`],
    ...['-device', 'qemu-xhci,id=usb', '-device', 'usb-storage,bus=usb.0,drive=stick'],
  ];
}

/** U-Boot as Debian builds it for the same machine: ours asks the network what to start. */
const DEBIAN_U_BOOT = '/usr/lib/u-boot/qemu_arm64/u-boot.bin';

/** By the name of their image. */
export const models = {
  'pc-x86-64': {
    ...{ image: defaultImage, builders: platformBuilders, section: 'bench boot' },
    programs: ['syslinux', 'mcopy', 'mkfs.fat'],
    files: {},
    ...{ hasCards: true, goesByKexec: true },
    overNetwork: async (folder) => ({ firmware: 'bios', usbDisk: await unpackStick(folder) }),
    fromDisk: async (folder, options) => ({
      firmware: 'bios',
      extraArguments: [
        ...localDiskArguments(await makeLocalDisk(folder, options)),
        ...stickBeside(await unpackStick(folder)),
      ],
    }),
  },
  'rpi-arm64': {
    image: defaultImage.replace('pc-x86-64', 'rpi-arm64'),
    ...{ builders: [['scripts/images.ts', 'rpi-3-b']], section: 'bench boot rpi-arm64' },
    programs: ['qemu-system-aarch64', 'sfdisk'],
    files: { 'u-boot-qemu': DEBIAN_U_BOOT },
    ...{ hasCards: false, goesByKexec: false },
    overNetwork: async () => ({ firmware: 'u-boot-arm64', bios: await buildQemuUBoot() }),
    fromDisk: async (folder, options) => ({
      ...{ firmware: 'u-boot-arm64', bios: DEBIAN_U_BOOT },
      extraArguments: await makeUBootDisk(folder, options),
    }),
  },
} as const satisfies Readonly<Record<string, Model>>;
