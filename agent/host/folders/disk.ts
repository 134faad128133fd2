// The disk that holds the state: how much is left, and whether it takes anything.
import { access, constants, stat, statfs } from 'node:fs/promises';
import { mountsOf } from './mount-table.ts';

/** What a disk can take; sizes are bytes. */
export type Disk = { readonly free: number; readonly size: number; readonly isReadOnly: boolean };

/** How a disk stands: `low` before the space is gone. */
export type DiskState = 'fine' | 'low' | 'full' | 'read-only';

const LOW_SHARE = 0.05;
const LOW_BYTES = 2e9;
/** Less than this takes no image and hardly a line of the log. */
const FULL_BYTES = 1e6;
/** Said to be fine again only with so much more than what is low: who stands at the border is not told again and again. */
const ROOM = 1.25;

/** Looks at the disk that holds `folder`. @throws {Error} of node:fs */
export async function readDisk(folder: string): Promise<Disk> {
  const { bavail, bsize, blocks } = await statfs(folder);
  const isReadOnly = await access(folder, constants.W_OK).then(
    () => false,
    (reason: NodeJS.ErrnoException) => reason.code === 'EROFS',
  );
  return {
    free: bavail * bsize,
    size: blocks * bsize,
    isReadOnly: isReadOnly || (await isStopped(folder)),
  };
}

/**
 * Whether the kernel writes its disk no more after an error. ext4 tells this by an option alone (since Linux 6.15): it is
 * mounted `rw` still, and access(2) knows nothing of it.
 */
async function isStopped(folder: string): Promise<boolean> {
  const device = deviceText((await stat(folder)).dev);
  const mounts = [...(await mountsOf('self')).values()];
  return mounts.some((mount) => mount.device === device && takesNothing(mount.options));
}

/** @param options of a file system, with commas between, as /proc/self/mountinfo has them */
export function takesNothing(options: string): boolean {
  return options.split(',').some((option) => option === 'emergency_ro' || option === 'shutdown');
}

/** `major:minor` of what stat(2) says: makedev(3) of glibc. */
export function deviceText(dev: number): string {
  return `${(dev >>> 8) & 0xfff}:${(dev & 0xff) | ((dev >>> 12) & 0xfff00)}`;
}

/** So many bytes are little: 5 % of the disk, and 2 GB of a large one. */
export function lowMark(size: number): number {
  return Math.min(size * LOW_SHARE, LOW_BYTES);
}

/** How the disk stands, told from how it stood at the last look. */
export function diskState({ free, size, isReadOnly }: Disk, before: DiskState): DiskState {
  if (isReadOnly) return 'read-only';
  if (free < Math.min(FULL_BYTES, lowMark(size))) return 'full';
  return free < lowMark(size) * (before === 'fine' ? 1 : ROOM) ? 'low' : 'fine';
}
