// The hardware of a virtual PC as QEMU's command line: one place that knows which firmware, card and disk go together.
import { type Firmware, firmwareRow } from './firmware.ts';

/** A virtual PC. `usbDisk` is a raw image, which stays unchanged; `kernel` starts without any boot loader. */
export type Machine = {
  readonly name: string;
  readonly mac: string;
  readonly firmware: Firmware;
  readonly usbDisk?: string;
  readonly kernel?: string;
  readonly initrd?: string;
  readonly append?: string;
  readonly memoryMiB?: number;
  readonly cpu?: string;
  readonly card?: 'e1000' | 'virtio-net-pci';
  /** TCG is slower and always right; KVM hangs stock boot loaders on some nested hosts, so it is never guessed. */
  readonly accel?: 'tcg' | 'kvm';
  /** More of QEMU's own options, for hardware that this table does not know. */
  readonly extraArguments?: readonly string[];
};

/** What the machine is connected to. */
export type Connections = {
  readonly tap: string;
  readonly vars: string;
  readonly qmp: string;
  readonly serialLog: string;
};

/** QEMU's options for the machine. The card has no boot ROM: what boots is the stick or the kernel. */
export function qemuArguments(machine: Machine, connections: Connections): string[] {
  const { memoryMiB = 1024, accel = 'tcg', cpu = accel === 'kvm' ? 'host' : 'max' } = machine;
  return [
    ...['-name', machine.name, '-nodefaults', '-no-user-config', '-display', 'none'],
    ...['-accel', accel, '-cpu', cpu, '-smp', '2', '-m', String(memoryMiB)],
    ...firmware(machine, connections),
    ...['-serial', `file:${escaped(connections.serialLog)}`],
    ...['-qmp', `unix:${escaped(connections.qmp)},server=on,wait=off`],
    ...['-netdev', `tap,id=net0,ifname=${connections.tap},script=no,downscript=no`],
    ...['-device', `${machine.card ?? 'e1000'},id=card0,netdev=net0,mac=${machine.mac},romfile=`],
    ...stick(machine),
    ...kernel(machine),
    ...(machine.extraArguments ?? []),
  ];
}

function firmware(machine: Machine, { vars }: Connections): string[] {
  const { machine: board, files } = firmwareRow(machine.firmware);
  if (files === undefined) return [...board];
  return [
    ...board,
    ...['-drive', `if=pflash,unit=0,format=raw,readonly=on,file=${files.code}`],
    ...['-drive', `if=pflash,unit=1,format=raw,file=${escaped(vars)}`],
  ];
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
function escaped(path: string): string {
  return path.replaceAll(',', ',,');
}
