/** QEMU's Raspberry Pis, which run the U-Boots of a card as the firmware would start them. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cardUBoots } from '../built.ts';
import { Background } from '../programs/background.ts';
import { succeed } from '../programs/run-program.ts';
import { contentOf, PARTITION } from './card-files.ts';
import { movedImage } from './moved-image.ts';

/** QEMU's boards, which run the three U-Boots of the card. It has no B+; an A+ differs in what is soldered onto it. */
export const qemuBoards = [
  { machine: 'raspi3b', uBoot: cardUBoots.arm64, tree: 'bcm2710-rpi-3-b.dtb', model: 'rpi-3-b' },
  { machine: 'raspi2b', uBoot: cardUBoots.armv7, tree: 'bcm2709-rpi-2-b.dtb', model: 'rpi-2-b' },
  {
    machine: 'raspi1ap',
    uBoot: cardUBoots.armv6,
    tree: 'bcm2708-rpi-b-plus.dtb',
    model: 'rpi-a-plus',
  },
] as const;

/** One of them. */
export type QemuBoard = (typeof qemuBoards)[number];

/** What a board is started with. */
export type BoardOptions = {
  /** image of the card */
  readonly disk: string;
  /** keeps the files of this run */
  readonly folder: string;
  /** may change the U-Boot before it runs */
  readonly edit?: (code: Buffer) => Buffer;
};

/** Starts a U-Boot as the firmware would, from the card; its console is the program's input and output. */
export async function startBoard(
  { machine, uBoot, tree }: QemuBoard,
  { disk, folder, edit = (code) => code }: BoardOptions,
): Promise<Background> {
  const card = `${disk}@@${PARTITION}`;
  const dtb = join(folder, 'tree.dtb');
  await writeFile(dtb, await contentOf(card, tree));
  // QEMU's power manager resets at once whatever the watchdog is set to: it is left alone.
  await succeed(['fdtput', '-t', 's', dtb, '/soc/watchdog@7e100000', 'status', 'disabled']);
  const code = edit(await contentOf(card, uBoot));
  const kernel = join(folder, 'u-boot');
  await writeFile(kernel, machine === 'raspi3b' ? code : movedImage(code));
  // The console is the second serial port from the 3B on.
  const ports = machine === 'raspi3b' ? ['null', 'stdio'] : ['stdio', 'null'];
  return new Background(
    [
      ...['qemu-system-aarch64', '-M', machine, '-display', 'none', '-monitor', 'none'],
      ...['-kernel', kernel, '-dtb', dtb, '-drive', `if=sd,format=raw,file=${disk}`],
      ...ports.flatMap((port) => ['-serial', port]),
    ],
    { hasInput: true },
  );
}
