// Room for the database, images and logs: bytes, and files.
import { statfs } from 'node:fs/promises';
import { diskState, readDisk } from '../../host/folders/disk.ts';
import { sizeText } from '../../host/text/size-text.ts';
import type { Check } from '../check.ts';

/** An image has tens of thousands of files. */
const FEW_FILES = 100_000;

export const disk: Check = {
  name: 'disk',
  run: async ({ state }) => {
    const now = await readDisk(state);
    const { files, ffree } = await statfs(state);
    const detail = `${sizeText(now.free)} are free in ${state}`;
    const mend = 'walt image gc --unused';
    const kind = diskState(now, 'fine');
    if (kind === 'read-only') {
      return {
        status: 'failed',
        detail: `${state} cannot be written`,
        meaning: 'New machines get no address, and no image comes in.',
        mend: 'dmesg | tail tells why; then mount -o remount,rw, or another disk',
      };
    }
    if (kind === 'full') {
      const meaning = 'New machines get no address, and no image comes in.';
      return { status: 'failed', detail: `the disk is full: ${detail}`, meaning, mend };
    }
    // Some file systems count no files.
    if (files > 0 && ffree < FEW_FILES) {
      return {
        status: ffree < FEW_FILES / 100 ? 'failed' : 'warning',
        detail: `${ffree} more files find place in ${state} (df -i)`,
        meaning: 'An image of tens of thousands of files is refused.',
        mend,
      };
    }
    if (kind === 'low') {
      return { status: 'warning', detail, meaning: 'The next image may find no room.', mend };
    }
    return { status: 'ok', detail };
  },
};
