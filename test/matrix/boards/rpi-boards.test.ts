// Default images on QEMU's Raspberry Pis: Debian's kernel with the board's own device tree, serial port and USB, and our
// initrd, until the image's system starts from our server. U-Boot has no driver for QEMU's network card, so QEMU loads the
// kernel in its place; the card is slow, so the rest of the boot is left to rpi-images.test.ts.
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { Background } from '../../../lab/programs/background.ts';
import { recipes } from '../../../scripts/images/recipes.ts';
import { $ } from '../../../scripts/run.ts';
import { openLab } from '../../support/lab.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const ROOT = join(import.meta.dirname, '../../..');
const SERVER = '192.168.152.1';
const IP = '192.168.152.2';
const MAC = '52:54:00:00:b0:01';
const NAME = 'node-00b001';
const BOOT_SECONDS = 1200;

type Board = {
  /** QEMU's machine, and the program that has it. */
  readonly machine: string;
  readonly program: 'qemu-system-arm' | 'qemu-system-aarch64';
  readonly model: string;
  /** What the kernel says of its device tree. */
  readonly title: string;
  /** What keeps the kernel from devices that QEMU's machine lacks. */
  readonly append?: string;
};

/** QEMU has the A+, which is a B+ without its hub and network card. */
const boards: readonly Board[] = [
  {
    machine: 'raspi1ap',
    program: 'qemu-system-arm',
    model: 'rpi-b-plus',
    title: 'Raspberry Pi Model B+',
    // There is nothing at the address of the power domains (0x7e00a000), and ARMv6 makes an abort of that.
    append: 'initcall_blacklist=bcm2835_power_driver_init',
  },
  {
    machine: 'raspi2b',
    program: 'qemu-system-arm',
    model: 'rpi-2-b',
    title: 'Raspberry Pi 2 Model B',
  },
  {
    machine: 'raspi3b',
    program: 'qemu-system-aarch64',
    model: 'rpi-3-b',
    title: 'Raspberry Pi 3 Model B',
  },
];

for (const board of boards) {
  test.serial(`QEMU's ${board.machine} starts the default image of ${board.model}`, (t) =>
    starts(t, board),
  );
}

async function starts(t: ExecutionContext, board: Board): Promise<void> {
  t.timeout(40 * 60_000);
  const { model, machine, program, title } = board;
  const recipe = recipes.find(({ models }) => models.some((one) => one.model === model));
  const { console: port = '' } = recipe?.models.find((one) => one.model === model) ?? {};
  const archive = join(ROOT, `release/dist/images/${recipe?.name}.oci.tar`);
  const files = join(await unpackBoot(archive, await temporaryFolder(t)), model);
  const lab = await openLab(t, machine);
  await lab.startServer();
  await lab.walt('image', 'import', archive);
  await lab.namespace.addTap('pi0');
  const ports = port === 'ttyS1' ? ['null', 'stdio'] : ['stdio', 'null'];
  const node = new Background(
    lab.namespace.command([
      ...['setpriv', '--pdeathsig', 'KILL', program, '-M', machine],
      ...['-display', 'none', '-monitor', 'none', '-no-reboot'],
      ...ports.flatMap((place) => ['-serial', place]),
      ...['-kernel', join(files, 'kernel'), '-initrd', join(files, 'initrd')],
      ...['-dtb', join(files, 'dtb'), '-append', commandLine(board, port)],
      ...['-netdev', 'tap,id=net,ifname=pi0,script=no,downscript=no'],
      ...['-device', `usb-net,netdev=net,mac=${MAC}`],
    ]),
  );
  t.teardown(() => node.kill());
  await node.waitFor(/Welcome to .*Debian GNU\/Linux 12/, BOOT_SECONDS);
  t.true(node.said.includes(`Machine model: ${title}`));
  // The card's U-Boot has started it: from the initrd on somebody has to feed it.
  t.regex(node.said.split('Welcome to')[0] ?? '', /Broadcom BCM2835 watchdog timer/);
  const log = await lab.walt('log', 'show', '--platform', '--history', 'full');
  t.true(log.includes(`new node name=${NAME} model=${model} `), log);
}

/** As the image's start.uboot has it, but that the initrd asks for the address; QEMU's watchdog resets at once when it is opened. */
function commandLine({ model, append = '' }: Board, port: string): string {
  return [
    `root=/dev/nfs nfsroot=${SERVER}:/var/lib/walt/nodes/${IP}/fs,ro,nolock,nocto,actimeo=86400`,
    `ip=dhcp BOOTIF=01-${MAC.replaceAll(':', '-')} net.ifnames=0 walt.nfs.seconds=900`,
    `boot=walt init=/bin/walt-init walt.node.model=${model} walt.node.mac=${MAC}`,
    `walt.server.ip=${SERVER} panic=30 console=${port},115200 walt.watchdog=0 ${append}`,
  ].join(' ');
}

/** The folder /boot of an image, out of its only layer. */
async function unpackBoot(archive: string, folder: string): Promise<string> {
  const oci = join(folder, 'oci');
  await mkdir(oci);
  await $`tar --extract --file ${archive} --directory ${oci}`;
  const blob = (digest: string) => join(oci, 'blobs/sha256', digest.slice('sha256:'.length));
  const json = async (file: string) => JSON.parse(await readFile(file, 'utf8'));
  const { manifests } = await json(join(oci, 'index.json'));
  const { layers } = await json(blob(manifests[0].digest));
  await $`tar --extract --gzip --file ${blob(layers[0].digest)} --directory ${folder} ./boot`;
  return join(folder, 'boot');
}
