/**
 * A Coral Dev Board as far as QEMU's machine `virt` can be one: an eMMC whose first partition is /boot, prepared as the
 * README in the archive tells its owner, and a U-Boot that does what the board's own does.
 *
 * That U-Boot is ours for `virt`, with another first command: a script that QEMU puts into memory. What the board's has
 * set and does is public: include/configs/imx8mq_phanbell.h of TinkerEdgeT/mendel-uboot-imx (2017.03, from Mendel's).
 */
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buildCoralArchive, buildQemuUBoot, uBootScript } from '../built.ts';
import { succeed } from '../programs/run-program.ts';

/** Where QEMU puts the script, anew at each reset; nothing else is there. */
const SCRIPT_ADDRESS = '0x7a000000';
const FIRST_COMMAND = 'bootcmd=run node_identify;';
const FIRST_SECTOR = 2048;
const KIBIBYTES = 8192;

/** In our U-Boot, but not in the board's: nothing may rely on it. */
const NOT_SET = [
  ...['scriptaddr', 'kernel_addr_r', 'fdt_addr_r', 'ramdisk_addr_r', 'pxefile_addr_r', 'fdtfile'],
  ...['autoload', 'node_model', 'node_identify', 'node_start', 'tftptimeout', 'bootp_vci'],
];

/** Its own boot.scr, which starts Mendel Linux there. */
const ORIGINAL = 'echo the original system of this board\nsleep 1000\n';

/** What is otherwise on the board than as it comes. */
export type CoralOptions = {
  /** More that its environment has, as the owner has saved it. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Whether the file boot-local is in /boot. */
  readonly isLocal?: boolean;
};

/** The board, as QEMU's machine `virt`. */
export type CoralBoard = {
  /** The U-Boot, for QEMU's `-bios`. */
  readonly bios: string;
  /** QEMU's options for the rest. */
  readonly extraArguments: readonly string[];
};

/** Makes the board's files in the folder. @throws {Error} when something cannot be built */
export async function makeCoralBoard(
  folder: string,
  { settings = {}, isLocal = false }: CoralOptions = {},
): Promise<CoralBoard> {
  await mkdir(folder, { recursive: true });
  const disk = await makeDisk(folder, isLocal);
  const script = join(folder, 'own.scr');
  await writeFile(script, uBootScript(ownCommands(settings)));
  return {
    bios: await ownUBoot(folder),
    extraArguments: [
      ...['-device', `loader,file=${script},addr=${SCRIPT_ADDRESS},force-raw=on`],
      ...['-drive', `if=none,id=emmc,format=raw,file=${disk}`],
      ...['-device', 'virtio-blk-device,drive=emmc'],
    ],
  };
}

/** As CONFIG_BOOTCOMMAND there: the script is loaded to `loadaddr`, and `source` runs what is there. */
function ownCommands(settings: Readonly<Record<string, string>>): string {
  const values = {
    ...{ loadaddr: '0x40480000', fdt_addr: '0x43000000', initrd_addr: '0x43800000' },
    ...{ fdt_high: '0xffffffffffffffff', initrd_high: '0xffffffffffffffff' },
    ...{ bootdev: '0', baseboardid: '1', walt_storage: 'virtio', ...settings },
  };
  return [
    ...NOT_SET.map((name) => `setenv ${name}`),
    ...Object.entries(values).map(([name, value]) => `setenv ${name} ${value}`),
    'virtio scan',
    `ext2load virtio 0:1 \${loadaddr} boot.scr && source \${loadaddr}`,
    'echo the board has no more to do',
    'sleep 1000',
    '',
  ].join('\n');
}

/** The same bytes but for the first command. */
async function ownUBoot(folder: string): Promise<string> {
  const built = await buildQemuUBoot();
  const code = await readFile(built);
  const at = code.indexOf(FIRST_COMMAND);
  if (at < 0) throw new Error(`Cannot find ${FIRST_COMMAND} in ${built}`);
  const length = code.indexOf(0, at) - at;
  code.write(`bootcmd=source ${SCRIPT_ADDRESS}`.padEnd(length), at, 'latin1');
  const file = join(folder, 'u-boot.bin');
  await writeFile(file, code);
  return file;
}

/** A disk with /boot as an ext2 in partition 1, after the steps of README.TXT. */
async function makeDisk(folder: string, isLocal: boolean): Promise<string> {
  const archive = await buildCoralArchive(folder);
  const boot = join(folder, 'boot');
  await mkdir(boot);
  await writeFile(join(boot, 'boot.scr'), uBootScript(ORIGINAL));
  await rename(join(boot, 'boot.scr'), join(boot, 'boot.scr.orig'));
  await succeed(['tar', 'xfz', archive, '-C', boot]);
  if (isLocal) await writeFile(join(boot, 'boot-local'), 'yes\n');
  const disk = join(folder, 'emmc.img');
  await succeed(['truncate', '-s', '12M', disk]);
  const table = `${FIRST_SECTOR},${KIBIBYTES * 2},L\n`;
  await succeed(['sfdisk', '--quiet', disk], { input: table });
  const place = ['-E', `offset=${FIRST_SECTOR * 512}`, disk, `${KIBIBYTES}k`];
  await succeed(['mke2fs', '-q', '-t', 'ext2', '-d', boot, ...place]);
  return disk;
}
