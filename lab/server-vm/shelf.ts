// The second disk of the server VM, on which it is shown files of this machine: nothing is encrypted and copied on the way, as by
// ssh, which takes minutes where the processor is emulated.
import { cp, mkdir, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { succeed } from '../programs/run-program.ts';
import type { WayIn } from './way-in.ts';

/** Sparse: it takes what is in it. */
const SIZE = '2G';
const DEVICE = '/dev/vdb';
const PLACE = '/run/shelf';

/** A disk that is empty at first. */
export type Shelf = {
  /** of QEMU */
  readonly arguments: readonly string[];
  /** Puts files there in the place of others. @returns the folder of the VM that has them */
  show(paths: readonly string[], wayIn: WayIn): Promise<string>;
};

/** @param disk path of the file that it is, which is made */
export async function makeShelf(disk: string): Promise<Shelf> {
  await succeed(['truncate', '--size', SIZE, disk]);
  const drive = `if=none,id=shelf,format=raw,readonly=on,file=${disk}`;
  return {
    arguments: ['-drive', drive, '-device', 'virtio-blk-pci,drive=shelf'],
    async show(paths, wayIn) {
      await wayIn.succeed(`if mountpoint -q ${PLACE}; then umount ${PLACE}; fi`);
      await fill(disk, paths);
      // What the kernel has read of it before is no longer so.
      await wayIn.succeed(
        `blockdev --flushbufs ${DEVICE} && mkdir -p ${PLACE} && mount -o ro ${DEVICE} ${PLACE}`,
      );
      return PLACE;
    },
  };
}

async function fill(disk: string, paths: readonly string[]): Promise<void> {
  const folder = `${disk}.files`;
  await mkdir(folder);
  try {
    for (const path of paths) await cp(path, join(folder, basename(path)), { recursive: true });
    await succeed(['mke2fs', '-q', '-F', '-t', 'ext4', '-O', '^has_journal', '-d', folder, disk], {
      seconds: 300,
    });
  } finally {
    await rm(folder, { recursive: true });
  }
}
