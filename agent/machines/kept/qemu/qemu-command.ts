// The command that runs a virtual machine of the server: a PC that boots from its network card, and has disks behind that.
import { firmwareRow } from '../../firmware.ts';
import { escaped, type Machine, qemuArguments, qemuProgram } from '../../qemu-arguments.ts';
import type { MachineFiles } from '../machine-files.ts';
import type { MachinePlan } from '../plan.ts';
import type { RunningHardware } from '../running-hardware.ts';
import { cardMac, tapName } from '../taps.ts';

/** The firmware that stands for each value of `Hardware.firmware`. */
export const FIRMWARE = {
  bios: 'bios',
  uefi: 'uefi-x64',
  'uefi-secure': 'uefi-x64-secure',
} as const;

/** The variables that a machine with UEFI begins with; undefined of one with a BIOS. */
export function firstVariables({ hardware }: MachinePlan): string | undefined {
  return firmwareRow(FIRMWARE[hardware.firmware]).files?.vars;
}

/** How a machine runs. */
type Running = {
  readonly files: MachineFiles;
  readonly accelerator: RunningHardware['accelerator'];
  /** who QEMU is from the start; unless said it begins as root */
  readonly user?: string | undefined;
};

/** QEMU's program and its arguments. */
export function qemuCommand(plan: MachinePlan, { files, accelerator, user }: Running): string[] {
  const { hardware, name, mac } = plan;
  const machine: Machine = {
    ...{ name, mac, firmware: FIRMWARE[hardware.firmware], accel: accelerator },
    bootsFromNetwork: true,
    memoryMiB: Math.floor(hardware.memoryBytes / 1_048_576),
    cores: hardware.cores,
    extraArguments: [...disks(plan, files), ...otherCards(plan), ...houseRules(user)],
  };
  const { vars, qmp, console, consoleLog } = files;
  const connections = { tap: tapName(mac, 0), vars, qmp, console, serialLog: consoleLog };
  return [qemuProgram(machine), ...qemuArguments(machine, connections)];
}

/**
 * A guest that breaks out of QEMU is nobody (or a user who owns nothing else), and starts no program. One that powers itself off stays there, paused, so that the
 * server can tell it from one that was killed.
 */
function houseRules(user: string | undefined): readonly string[] {
  return [
    ...['-sandbox', 'on,obsolete=deny,spawn=deny,resourcecontrol=deny'],
    ...(user === undefined ? ['-runas', 'nobody'] : []),
    ...['-action', 'shutdown=pause'],
    ...['-device', 'virtio-rng-pci'],
  ];
}

function disks({ hardware }: MachinePlan, files: MachineFiles): string[] {
  if (hardware.disks.length === 0) return [];
  return [
    ...['-device', 'virtio-scsi-pci,id=scsi0'],
    ...hardware.disks.flatMap((_, number) => [
      '-drive',
      `if=none,id=disk${number},format=raw,discard=unmap,file=${escaped(files.disk(number))}`,
      '-device',
      `scsi-hd,drive=disk${number},bus=scsi0.0,product=QEMU-DISK,serial=disk-${number},bootindex=${number + 1}`,
    ]),
  ];
}

/** Cards in secondary networks have no boot ROM: a machine boots from walt-net. */
function otherCards({ hardware, mac }: MachinePlan): string[] {
  return hardware.networks.slice(1).flatMap((_, index) => {
    const number = index + 1;
    return [
      ...['-netdev', `tap,id=net${number},ifname=${tapName(mac, number)},script=no,downscript=no`],
      ...['-device', `virtio-net-pci,netdev=net${number},mac=${cardMac(mac, number)},romfile=`],
    ];
  });
}
