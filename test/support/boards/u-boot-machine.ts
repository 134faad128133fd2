// U-Boot with our commands, the same ones as on Raspberry Pis, on QEMU's ARM machines of 32 and 64 bits.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import { Background } from '../../../lab/programs/background.ts';
import type { UBootName } from '../../../scripts/boards.ts';
import { placesOf } from '../../../scripts/inputs/fetch.ts';
import { wrapUBootScript } from '../../../scripts/steps/u-boot-script.ts';
import { buildUBoots } from '../../../scripts/u-boot/build.ts';
import { temporaryFolder } from '../temporary-folder.ts';

const ROOT = join(import.meta.dirname, '../../..');

const MACHINES = {
  'qemu-arm64': ['qemu-system-aarch64', '-cpu', 'cortex-a57'],
  'qemu-arm': ['qemu-system-arm', '-cpu', 'cortex-a15'],
} as const satisfies Partial<Record<UBootName, readonly string[]>>;

type Machine = keyof typeof MACHINES;

/** `fdtfile` as U-Boot sets it for each revision of the boards (board/raspberrypi/rpi/rpi.c), and its model. */
export const FDT_FILES: readonly (readonly [file: string, model: string])[] = [
  ['bcm2835-rpi-b.dtb', 'rpi-b'],
  ['bcm2835-rpi-b-rev2.dtb', 'rpi-b'],
  ['bcm2835-rpi-b-plus.dtb', 'rpi-b-plus'],
  ['bcm2836-rpi-2-b.dtb', 'rpi-2-b'],
  ['broadcom/bcm2837-rpi-3-b.dtb', 'rpi-3-b'],
  ['broadcom/bcm2837-rpi-3-b-plus.dtb', 'rpi-3-b-plus'],
  ['broadcom/bcm2711-rpi-4-b.dtb', 'rpi-4-b'],
  ['broadcom/bcm2711-rpi-400.dtb', 'rpi-400'],
  ['broadcom/bcm2837-rpi-zero-2.dtb', 'rpi-zero-2'],
];

/** Starts the machine on a network of its own, whose TFTP server has the folder. */
export async function startUBoot(
  t: ExecutionContext,
  machine: Machine,
  folder: string,
): Promise<Background> {
  t.timeout(20 * 60_000);
  const folders = await buildUBoots([machine], { root: ROOT, places: placesOf(process.env, ROOT) });
  const board = new Background([
    ...[...MACHINES[machine], '-M', 'virt', '-m', '512', '-display', 'none', '-monitor', 'none'],
    ...['-bios', join(folders[machine], 'u-boot.bin'), '-serial', 'stdio'],
    ...['-netdev', `user,id=net,restrict=on,tftp=${folder}`],
    ...['-device', 'virtio-net-pci,netdev=net'],
  ]);
  t.teardown(() => board.kill());
  return board;
}

/** It asks again while there is no start.uboot, then runs it; every model is told right. */
export async function asksAndTells(t: ExecutionContext, machine: Machine): Promise<void> {
  const folder = await temporaryFolder(t);
  const board = await startUBoot(t, machine, folder);
  await board.waitFor(/no start\.uboot from 10\.0\.2\.2/, 120);
  const script = FDT_FILES.map(
    ([file]) => `setenv fdtfile ${file}\nrun node_identify\necho vci=\${bootp_vci}\n`,
  );
  await writeFile(
    join(folder, 'start.uboot'),
    wrapUBootScript(script.join(''), { architecture: 'arm64', name: 'start.uboot' }),
  );
  await board.waitFor(/start\.uboot ended and started no system[\s\S]*U-Boot 2023/, 120);
  t.regex(board.said, new RegExp(`this is a node of model ${machine}\\r?\\n`));
  const classes = [...board.said.matchAll(/^vci=(\S+)/gm)].map(([, name]) => name);
  t.deepEqual(
    classes.slice(0, FDT_FILES.length),
    FDT_FILES.map(([, model]) => `walt.node.${model}`),
  );
}
