// The disk that holds the state: how much is left, and whether it takes anything.
import { access, constants, statfs } from 'node:fs/promises';

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
  return { free: bavail * bsize, size: blocks * bsize, isReadOnly };
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
