// The hardware of a virtual machine as QEMU's command line: one place that knows which firmware, card and disk go together.
import { type Firmware, firmwareRow } from './firmware.ts';

/** A virtual machine. `usbDisk` is a raw image, which stays unchanged; `kernel` starts without any boot loader. */
export type Machine = {
  readonly name: string;
  readonly mac: string;
  readonly firmware: Firmware;
  /** The U-Boot, for a machine that has no firmware otherwise. */
  readonly bios?: string;
  readonly usbDisk?: string;
  /** The firmware boots from the network card: BIOS with QEMU's ROM for it (iPXE), UEFI with its own PXE and HTTP boot. */
  readonly bootsFromNetwork?: boolean;
  readonly kernel?: string;
  readonly initrd?: string;
  readonly append?: string;
  readonly memoryMiB?: number;
  /** of its processor; 2 unless given */
  readonly cores?: number;
  readonly cpu?: string;
  readonly card?: 'e1000' | 'e1000e' | 'virtio-net-pci';
  /** OVMF starts only devices that have a place in its boot order: a card without one is as with "fast boot". */
  readonly cardBootIndex?: number;
  /** TCG is slower and always right; KVM hangs stock boot loaders on some nested hosts, so it is never guessed. */
  readonly accel?: 'tcg' | 'kvm';
  /** More of QEMU's own options, for hardware that this table does not know. */
  readonly extraArguments?: readonly string[];
};

/**
 * A processor that QEMU emulates, without "fast" strings: QEMU copies and clears one octet at a time by `rep movsb` and `rep stosb`, which Linux
 * and glibc take where they are said to be fast, and eight by what they take else. A boot computes a tenth less so. After kexec it is
 * far more, since QEMU looks at each write to a page that has held code.
 */
const EMULATED_PC = 'max,erms=off,fsrm=off';

/** What the machine is connected to: the tap of its card, and paths of its UEFI variables, control socket and console log. */
export type Connections = {
  readonly tap: string;
  readonly vars: string;
  readonly qmp: string;
  readonly serialLog: string;
  /** Unix socket of the serial console, for a person who looks at it; without it the console is the log alone. */
  readonly console?: string;
};

/** QEMU's options for the machine. Unless it boots from the network, the card has no boot ROM: what boots is the stick or the kernel. */
export function qemuArguments(machine: Machine, connections: Connections): string[] {
  const { memoryMiB = 1024, cores = 2, accel = 'tcg', cpu = processor(machine) } = machine;
  return [
    ...['-name', escaped(machine.name), '-nodefaults', '-no-user-config', '-display', 'none'],
    ...['-accel', accel, '-cpu', cpu, '-smp', String(cores), '-m', String(memoryMiB)],
    ...firmware(machine, connections),
    ...serial(connections),
    ...['-qmp', qmpOption(connections.qmp)],
    ...['-netdev', `tap,id=net0,ifname=${connections.tap},script=no,downscript=no`],
    ...['-device', networkCard(machine)],
    ...stick(machine),
    ...kernel(machine),
    ...(machine.extraArguments ?? []),
  ];
}

/** The word of QEMU's command line that names the control socket. */
export function qmpOption(socket: string): string {
  return `unix:${escaped(socket)},server=on,wait=off`;
}

/** QEMU's program that emulates the machine. */
export function qemuProgram({ firmware }: Machine): string {
  return firmwareRow(firmware).emulator?.program ?? 'qemu-system-x86_64';
}

function processor({ accel, firmware }: Machine): string {
  if (accel === 'kvm') return 'host';
  return firmwareRow(firmware).emulator?.cpu ?? EMULATED_PC;
}

function firmware(machine: Machine, { vars }: Connections): string[] {
  const { machine: board, files } = firmwareRow(machine.firmware);
  if (machine.bios !== undefined) return [...board, '-bios', machine.bios];
  if (files === undefined) return [...board];
  return [
    ...board,
    ...['-drive', `if=pflash,unit=0,format=raw,readonly=on,file=${files.code}`],
    ...['-drive', `if=pflash,unit=1,format=raw,file=${escaped(vars)}`],
  ];
}

/** UEFI firmware for QEMU has a driver of its own for virtio cards only. */
function networkCard(machine: Machine): string {
  const { mac, firmware, bootsFromNetwork = false, card } = machine;
  // U-Boot 2023.01 takes the first byte of a virtio card's MAC address for all of it, if the card is on PCI.
  if (firmwareRow(firmware).emulator) return `virtio-net-device,id=card0,netdev=net0,mac=${mac}`;
  const isUefi = firmware !== 'bios';
  const kind = card ?? (bootsFromNetwork && isUefi ? 'virtio-net-pci' : 'e1000');
  const rom = bootsFromNetwork && !isUefi ? '' : ',romfile=';
  const index = bootsFromNetwork ? 0 : machine.cardBootIndex;
  const order = index === undefined ? '' : `,bootindex=${index}`;
  return `${kind},id=card0,netdev=net0,mac=${mac}${rom}${order}`;
}

function serial({ serialLog, console }: Connections): string[] {
  if (console === undefined) return ['-serial', `file:${escaped(serialLog)}`];
  const options = `path=${escaped(console)},server=on,wait=off,logfile=${escaped(serialLog)},logappend=on`;
  return ['-chardev', `socket,id=serial0,${options}`, '-serial', 'chardev:serial0'];
}

function stick({ usbDisk }: Machine): string[] {
  if (usbDisk === undefined) return [];
  return [
    ...['-drive', `if=none,id=stick,format=raw,snapshot=on,file=${escaped(usbDisk)}`],
    ...['-device', 'qemu-xhci,id=usb', '-device', 'usb-storage,bus=usb.0,drive=stick,bootindex=0'],
  ];
}

function kernel({ kernel, initrd, append }: Machine): string[] {
  if (kernel === undefined) return [];
  return [
    ...['-kernel', kernel],
    ...(initrd === undefined ? [] : ['-initrd', initrd]),
    ...(append === undefined ? [] : ['-append', append]),
  ];
}

/** QEMU separates options by commas; a comma in a path is written twice. */
export function escaped(path: string): string {
  return path.replaceAll(',', ',,');
}
