// What this machine must have before a virtual machine can be started on it: asked before anything is made.
import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { debianPackageOf } from '../../host/processes/debian-package.ts';
import { firmwareRow } from '../firmware.ts';
import type { MachineFiles } from './machine-files.ts';
import type { Hardware } from './plan.ts';
import { FIRMWARE } from './qemu/qemu-command.ts';
import { PATH } from './qemu/qemu-process.ts';

/** Of a unix socket (unix(7)), less the zero at its end. */
const LONGEST_SOCKET = 107;
const MAKERS = { none: [], ext4: ['sfdisk', 'mke2fs'], fat32: ['sfdisk', 'mkfs.fat'] } as const;

/** The programs that start a machine, and make its disks. */
export function programsFor({ disks }: Pick<Hardware, 'disks'>): string[] {
  const makers = disks.flatMap(({ template }) => MAKERS[template]);
  return [...new Set(['qemu-system-x86_64', 'ip', ...makers])];
}

/**
 * Why no machine of this kind can be started here, whatever is free, in words; undefined where one can.
 * @param path where programs are looked for, as in PATH
 */
export async function complaintAboutRequirements(
  { hardware, files }: { readonly hardware: Hardware; readonly files: MachineFiles },
  path = `${PATH}:${process.env.PATH ?? ''}`,
): Promise<string | undefined> {
  return (
    complaintAboutPath(files) ??
    (await complaintAboutPrograms(programsFor(hardware), path)) ??
    (await complaintAboutFirmware(hardware))
  );
}

function complaintAboutPath({ qmp, console }: MachineFiles): string | undefined {
  const longest = Math.max(...[qmp, console].map((socket) => Buffer.byteLength(socket)));
  if (longest <= LONGEST_SOCKET) return undefined;
  return (
    `the path of its control sockets would have ${longest} bytes, and the kernel takes ${LONGEST_SOCKET} at most. ` +
    'Give the server a folder with a shorter path (state in its configuration)'
  );
}

async function complaintAboutPrograms(
  programs: readonly string[],
  path: string,
): Promise<string | undefined> {
  const folders = path.split(delimiter).filter((folder) => folder !== '');
  for (const program of programs) {
    const found = await Promise.all(
      folders.map((folder) => may(join(folder, program), constants.X_OK)),
    );
    if (found.includes(true)) continue;
    return `${program} is not installed (Debian package ${debianPackageOf(program)})`;
  }
  return undefined;
}

async function complaintAboutFirmware({
  firmware,
}: Pick<Hardware, 'firmware'>): Promise<string | undefined> {
  const { files } = firmwareRow(FIRMWARE[firmware]);
  for (const file of files === undefined ? [] : [files.code, files.vars]) {
    if (await may(file, constants.R_OK)) continue;
    return `firmware=${firmware} needs ${file}, which is missing (Debian package ovmf)`;
  }
  return undefined;
}

function may(path: string, how: number): Promise<boolean> {
  return access(path, how).then(
    () => true,
    () => false,
  );
}
