// The firmware that a virtual machine can have: one row each, as Debian packages it for QEMU, or our own U-Boot.

const OVMF = '/usr/share/OVMF';

/** UEFI firmware is code, which stays as it is, and variables, of which each machine gets a copy of its own. */
export type UefiFiles = { readonly code: string; readonly vars: string };

/** How QEMU is started with a firmware. */
export type FirmwareRow = {
  /** QEMU's options for the board that the firmware is made for. */
  readonly machine: readonly string[];
  readonly files?: UefiFiles;
  /** QEMU's program and processor, where the machine is no PC. */
  readonly emulator?: { readonly program: string; readonly cpu: string };
};

/** Firmware built for System Management Mode, which guards its variables, does not start without it. */
const GUARDED = [
  ...['-machine', 'q35,smm=on'],
  ...['-global', 'driver=cfi.pflash01,property=secure,value=on'],
];

/** All firmware, by the name that a machine asks for. Paths are those of Debian's packages `ovmf` and `ovmf-ia32`. */
export const firmwares = {
  // graphics=off makes SeaBIOS repeat the text screen on the serial port, where a log can read it.
  bios: { machine: ['-machine', 'pc,graphics=off'] },
  'uefi-x64': {
    machine: ['-machine', 'q35'],
    files: { code: `${OVMF}/OVMF_CODE_4M.fd`, vars: `${OVMF}/OVMF_VARS_4M.fd` },
  },
  // Secure Boot switched on, with Microsoft's keys, as PCs are sold.
  'uefi-x64-secure': {
    machine: GUARDED,
    files: { code: `${OVMF}/OVMF_CODE_4M.secboot.fd`, vars: `${OVMF}/OVMF_VARS_4M.ms.fd` },
  },
  // A 32-bit UEFI; the processor has 64 bits all the same, unless told otherwise.
  'uefi-ia32': {
    machine: GUARDED,
    files: { code: `${OVMF}/OVMF32_CODE_4M.secboot.fd`, vars: `${OVMF}/OVMF32_VARS_4M.fd` },
  },
  // Machines without firmware of QEMU's own: `bios` of the machine names the U-Boot.
  'u-boot-arm64': {
    machine: ['-machine', 'virt'],
    emulator: { program: 'qemu-system-aarch64', cpu: 'cortex-a57' },
  },
  'u-boot-arm': {
    machine: ['-machine', 'virt'],
    emulator: { program: 'qemu-system-arm', cpu: 'cortex-a15' },
  },
} as const satisfies Record<string, FirmwareRow>;

/** Name of a firmware. */
export type Firmware = keyof typeof firmwares;

/** The row of a firmware. */
export function firmwareRow(firmware: Firmware): FirmwareRow {
  return firmwares[firmware];
}
