// What Linux knows of a disk, and whether a medium may be written to it.
import { execFile } from 'node:child_process';
import { realpath, stat } from 'node:fs/promises';
import { promisify } from 'node:util';
import { messageOf } from '../../errors.ts';
import { sizeText } from '../../host/text/size-text.ts';
import { CommandError } from '../command-line/command-error.ts';

/** A disk, or a part of one, as lsblk(8) tells of it. */
export type Disk = {
  readonly path: string;
  readonly type: string;
  /** of bytes */
  readonly size: number;
  readonly model: string | null;
  readonly vendor: string | null;
  readonly serial: string | null;
  /** how it is connected, as `usb` */
  readonly tran: string | null;
  readonly rm: boolean;
  readonly hotplug: boolean;
  readonly ro: boolean;
  readonly fstype: string | null;
  readonly label: string | null;
  readonly mountpoints: readonly (string | null)[];
  readonly children?: readonly Disk[];
};

const COLUMNS = 'PATH,TYPE,SIZE,MODEL,VENDOR,SERIAL,TRAN,RM,HOTPLUG,RO,FSTYPE,LABEL,MOUNTPOINTS';
const WHOLE = new Set(['disk', 'loop']);

/**
 * Looks at what a path names.
 * @throws {CommandError} if it is no disk
 */
export async function diskAt(path: string): Promise<Disk> {
  const real = await realpath(path).catch((cause: unknown) => {
    const { code } = cause as NodeJS.ErrnoException;
    const reason = code === 'ENOENT' ? 'there is nothing of that name' : messageOf(cause);
    throw new CommandError(`Cannot write to ${path}: ${reason}. lsblk lists the disks.`);
  });
  if (!(await stat(real)).isBlockDevice()) {
    throw new CommandError(`Cannot write to ${path}: it is no disk. lsblk lists the disks.`);
  }
  try {
    const args = ['--json', '--bytes', '--output', COLUMNS, real];
    const { stdout } = await promisify(execFile)('lsblk', args);
    const [disk] = (JSON.parse(stdout) as { readonly blockdevices: Disk[] }).blockdevices;
    if (disk !== undefined) return disk;
  } catch (cause) {
    throw new CommandError(`Cannot find out what ${path} is: ${messageOf(cause)}`, { cause });
  }
  throw new CommandError(`Cannot find out what ${path} is: lsblk does not know it.`);
}

/** Why nobody may write `bytes` there, whatever they say; undefined if they may. */
export function refusal(disk: Disk, bytes: number): string | undefined {
  const { path } = disk;
  const parts = [disk, ...partsOf(disk)];
  const mounts = parts.flatMap(({ mountpoints }) => mountpoints).filter((point) => point !== null);
  if (mounts.includes('/')) return `${path} is the disk of this system`;
  if (mounts.length > 0) {
    const one = parts.find(({ mountpoints }) => mountpoints.some((point) => point !== null));
    return `${path} is in use (${mounts.join(', ')}). First: umount ${one?.path ?? path}`;
  }
  if (!WHOLE.has(disk.type)) {
    return `${path} is no whole disk, but of type ${disk.type}. Name the disk that it is on`;
  }
  if (disk.ro) return `${path} is read-only. Some cards have a switch for that`;
  if (disk.size < bytes) {
    return `${path} is too small: it has ${sizeText(disk.size)}, and the medium takes ${sizeText(bytes)}`;
  }
  return undefined;
}

/** Whether people carry it around: a stick, a card. */
export function isRemovable({ rm, hotplug }: Disk): boolean {
  return rm || hotplug;
}

/** The same disk as before: people change sticks. */
export function isSame(before: Disk, after: Disk): boolean {
  const keys = ['path', 'size', 'model', 'vendor', 'serial'] as const;
  return keys.every((key) => before[key] === after[key]);
}

/** All that is on it: partitions, and what is in them. */
export function partsOf({ children = [] }: Disk): Disk[] {
  return children.flatMap((child) => [child, ...partsOf(child)]);
}
