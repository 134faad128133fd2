// Where the files of a virtual machine are: a folder of its own in the server's state.
import { join } from 'node:path';

/** Paths of the files of one machine. */
export type MachineFiles = {
  readonly folder: string;
  /** QEMU's control socket */
  readonly qmp: string;
  /** socket of the serial console */
  readonly console: string;
  /** what the serial console said */
  readonly consoleLog: string;
  /** QEMU's process */
  readonly pid: string;
  /** what QEMU itself says */
  readonly messages: string;
  /** JSON `RunningHardware`, of the machine that runs */
  readonly hardware: string;
  /** UEFI variables, which a machine keeps */
  readonly vars: string;
  disk(number: number): string;
};

/**
 * A path of a unix socket has 107 bytes at most, and the state may be anywhere: the folder has the MAC alone.
 * @param parent folder of all machines
 */
export function machineFiles(parent: string, mac: string): MachineFiles {
  const folder = join(parent, folderName(mac));
  const inside = (name: string) => join(folder, name);
  return {
    folder,
    qmp: inside('qmp'),
    console: inside('console'),
    consoleLog: inside('console.log'),
    pid: inside('pid'),
    messages: inside('messages'),
    hardware: inside('hardware.json'),
    vars: inside('vars.fd'),
    disk: (number) => inside(`disk-${number}.raw`),
  };
}

/** Twelve hexadecimal digits of a MAC. */
export function folderName(mac: string): string {
  return mac.replaceAll(':', '');
}

/** The MAC that `folderName` was made of; undefined for another name. */
export function macOfFolder(name: string): string | undefined {
  return /^[0-9a-f]{12}$/.test(name) ? name.match(/../g)?.join(':') : undefined;
}
