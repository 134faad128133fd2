// The unit of systemd that a virtual machine of the server runs in, where there is systemd: stopping the server's own unit
// does not end it.
import { access, readlink } from 'node:fs/promises';
import { runProgram } from '../../host/program.ts';
import { folderName, type MachineFiles } from './machine-files.ts';

/** A unit is in the network of the machine itself: a server in another one has to start QEMU by itself. */
export async function hasSystemd(): Promise<boolean> {
  const isThere = await access('/run/systemd/system').then(
    () => true,
    () => false,
  );
  if (!isThere) return false;
  const [own, first] = await Promise.all(
    ['self', '1'].map((pid) => readlink(`/proc/${pid}/ns/net`).catch(() => '')),
  );
  return own === first;
}

/**
 * Starts a command in the machine's unit.
 * @throws {WaltError} with what systemd-run said
 */
export async function startUnit(files: MachineFiles, words: readonly string[]): Promise<void> {
  // One that a killed server left, or that systemd has not forgotten yet, has the same name.
  await endUnit(files);
  await runProgram('systemd-run', unitArguments(files, words));
}

/** Arguments of systemd-run for the command. */
export function unitArguments(files: MachineFiles, words: readonly string[]): string[] {
  const options = ['--collect', '--quiet', `--unit=${unitName(files)}`, '--service-type=exec'];
  const properties = [`Description=Virtual node ${macWord(files)} of WalT`, 'KillMode=mixed'];
  return [
    ...options,
    ...properties.map((property) => `--property=${property}`),
    '--',
    // systemd puts variables into the words of a command, and makes one dollar of two.
    ...words.map((word) => word.replaceAll('$', '$$$$')),
  ];
}

/** Ends what runs in the machine's unit, and waits until systemd has forgotten it. Nothing happens where there is none. */
export async function endUnit(files: MachineFiles): Promise<void> {
  // It fails where systemd knows no such unit.
  await runProgram('systemctl', ['stop', unitName(files)]).catch(() => undefined);
}

function unitName(files: MachineFiles): string {
  return `walt-node-${macWord(files)}.service`;
}

/** The folder is named after the MAC. */
function macWord({ folder }: MachineFiles): string {
  return folder.slice(-folderName('00:00:00:00:00:00').length);
}
