/** QEMU's Raspberry Pis, which run the U-Boots of a card as the firmware would start them. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import { uBoots } from '../../scripts/boards.ts';
import { $ } from '../../scripts/run.ts';
import { contentOf, PARTITION } from '../../test/support/rpi-card.ts';
import { temporaryFolder } from '../../test/support/temporary-folder.ts';
import { Background } from '../programs/background.ts';
import { movedImage } from './moved-image.ts';

/** QEMU's boards, which run the three U-Boots of the card. It has no B+; an A+ differs in what is soldered onto it. */
export const qemuBoards = [
  { machine: 'raspi3b', uBoot: uBoots.arm64.file, tree: 'bcm2710-rpi-3-b.dtb', model: 'rpi-3-b' },
  { machine: 'raspi2b', uBoot: uBoots.armv7.file, tree: 'bcm2709-rpi-2-b.dtb', model: 'rpi-2-b' },
  {
    machine: 'raspi1ap',
    uBoot: uBoots.armv6.file,
    tree: 'bcm2708-rpi-b-plus.dtb',
    model: 'rpi-a-plus',
  },
] as const;

export type QemuBoard = (typeof qemuBoards)[number];

/** Starts a U-Boot as the firmware would, from the card in the file; `edit` may change it before. */
export async function startBoard(
  t: ExecutionContext,
  { machine, uBoot, tree }: QemuBoard,
  { disk, edit = (code) => code }: { disk: string; edit?: (code: Buffer) => Buffer },
): Promise<Background> {
  const folder = await temporaryFolder(t);
  const card = `${disk}@@${PARTITION}`;
  const dtb = join(folder, 'tree.dtb');
  await writeFile(dtb, await contentOf(card, tree));
  // QEMU's power manager resets at once whatever the watchdog is set to: it is left alone.
  await $`fdtput -t s ${dtb} /soc/watchdog@7e100000 status disabled`;
  const code = edit(await contentOf(card, uBoot));
  const kernel = join(folder, 'u-boot');
  await writeFile(kernel, machine === 'raspi3b' ? code : movedImage(code));
  // The console is the second serial port from the 3B on.
  const ports = machine === 'raspi3b' ? ['null', 'stdio'] : ['stdio', 'null'];
  const board = new Background(
    [
      ...['qemu-system-aarch64', '-M', machine, '-display', 'none', '-monitor', 'none'],
      ...['-kernel', kernel, '-dtb', dtb, '-drive', `if=sd,format=raw,file=${disk}`],
      ...ports.flatMap((port) => ['-serial', port]),
    ],
    { hasInput: true },
  );
  t.teardown(() => board.kill());
  return board;
}
