/**
 * What boot loaders of Raspberry Pis say on the network, one row a boot loader, from captures that their users published.
 * MAC and serial number are those of the board that plays it; all else is as captured.
 */
import type { DhcpOptions } from '../../agent/protocol/dhcp/options.ts';
import { macToBytes } from '../../agent/protocol/mac.ts';

/** The board that plays a firmware; `serial` is eight hex digits. */
export type Board = { readonly mac: string; readonly serial: string };

/** A file that it asks for by TFTP, and what a server with all files for the board answers. */
export type FileStep = {
  /** `<serial>` stands for the board's number */
  readonly path: string;
  readonly answer: 'file' | 'not-found';
};

/** What one boot loader says, and how long it listens. */
export type Firmware = {
  readonly source: string;
  /** of its DISCOVER */
  readonly options: (board: Board) => DhcpOptions;
  /** what its REQUEST carries beside the address; none where it never sends one */
  readonly requests: ((board: Board) => DhcpOptions) | undefined;
  /**
   * It takes an OFFER in only with a packet that comes later than this after the DISCOVER, and gives up where none comes for
   * `idleMs`; undefined: it takes the OFFER when it comes
   */
  readonly window?: { readonly takesAfterMs: number; readonly idleMs: number };
  readonly tftpOptions: Readonly<Record<string, number>>;
  readonly files: readonly FileStep[];
};

const CLASS = 'PXEClient:Arch:00000:UNDI:002001';
const ROM_LIST = [43, 60, 67, 128, 129, 130, 131, 132, 133, 134, 135, 66];
const EEPROM_LIST = [1, 3, 43, 60, 66, 67, 128, 129, 130, 131, 132, 133, 134, 135];

const bios = {
  vendorClass: CLASS,
  clientArchitecture: [0],
  clientInterface: Uint8Array.of(1, 2, 1),
};

const file = (path: string): FileStep => ({ path, answer: 'file' });
const missing = (path: string): FileStep => ({ path, answer: 'not-found' });

/** raspberrypi/firmware issue 1041 (3B+), 1012: the order; `bootcode.bin` asks for the rest. */
const romFiles = [
  file('bootcode.bin'),
  missing('bootsig.bin'),
  missing('<serial>/start.elf'),
  missing('autoboot.txt'),
  file('config.txt'),
  missing('recovery.elf'),
  file('start.elf'),
  file('fixup.dat'),
  file('config.txt'),
  missing('dt-blob.bin'),
  missing('bootcfg.txt'),
  missing('cmdline.txt'),
  missing('recovery8.img'),
  missing('armstub8.bin'),
  file('u-boot-arm64.bin'),
];

/** All boot loaders that can be played, by name. */
export const firmwares: Readonly<
  Record<'rpi-3-rom' | 'rpi-3-plus-rom' | 'rpi-4-eeprom', Firmware>
> = {
  'rpi-3-rom': {
    source: 'raspberrypi/firmware issue 764 (packets); openSUSE/netboot-rpi3b, README (times)',
    options: () => ({
      ...bios,
      parameterRequestList: ROM_LIST,
      clientUuid: Uint8Array.of(0, ...Array.from({ length: 16 }, () => 0x44)),
    }),
    requests: undefined,
    window: { takesAfterMs: 1000, idleMs: 1000 },
    tftpOptions: {},
    files: [...romFiles, file('bcm2710-rpi-3-b.dtb')],
  },
  'rpi-3-plus-rom': {
    source: 'raspberrypi/firmware issues 871 (packets), 1699 (no REQUEST), 1041 (files)',
    options: ({ serial }) => ({
      ...bios,
      parameterRequestList: [...ROM_LIST, 1, 3],
      clientUuid: Uint8Array.of(0, ...[1, 2, 3, 4].flatMap(() => word(serial))),
    }),
    requests: undefined,
    tftpOptions: { tsize: 0 },
    files: [...romFiles, file('bcm2710-rpi-3-b-plus.dtb')],
  },
  'rpi-4-eeprom': {
    source: 'rpi-eeprom issues 58, 74, 417 (packets, files), 103 (option 97)',
    options: (board) => ({ ...bios, parameterRequestList: EEPROM_LIST, clientUuid: guid(board) }),
    requests: (board) => ({ vendorClass: CLASS, clientUuid: guid(board) }),
    tftpOptions: { tsize: 0, blksize: 1024 },
    files: [
      missing('<serial>/start4.elf'),
      missing('<serial>/start.elf'),
      file('config.txt'),
      missing('vl805.sig'),
      missing('pieeprom.sig'),
      missing('recover4.elf'),
      missing('recovery.elf'),
      missing('start4cd.elf'),
      file('start4.elf'),
      file('fixup4.dat'),
      missing('dt-blob.bin'),
      missing('cmdline.txt'),
      missing('armstub8-gic.bin'),
      file('bcm2711-rpi-4-b.dtb'),
      file('overlays/disable-bt.dtbo'),
      file('u-boot-arm64.bin'),
    ],
  },
};

/** "RPi4", the board's revision, the end of its MAC, its serial number: rpi-eeprom's default since 2020. */
function guid({ mac, serial }: Board): Uint8Array {
  const revision = [0x30, 0x31, 0xc0, 0x00];
  return Uint8Array.of(
    ...[0, ...Buffer.from('RPi4'), ...revision],
    ...macToBytes(mac).subarray(2),
    ...word(serial),
  );
}

function word(serial: string): number[] {
  return [...Buffer.from(serial, 'hex')].reverse();
}
