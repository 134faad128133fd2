// Disks of the server VM on which it is shown files of this machine: nothing is encrypted and copied on the way, as by ssh, which
// takes minutes where the processor is emulated.
import { cp, mkdir, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { succeed } from '../programs/run-program.ts';
import type { WayIn } from './way-in.ts';

/** Sparse: it takes what is in it. */
const SIZE = '2G';
/**
 * As the VM calls them, after the disk of its system. Each is filled once: other content would not be seen, since a service with
 * mounts of its own holds what was there before.
 */
const BOARDS = ['vdb', 'vdc', 'vdd', 'vde', 'vdf', 'vdg'] as const;

/** Disks that are empty at first. */
export type Shelf = {
  /** of QEMU */
  readonly arguments: readonly string[];
  /** Puts files on the next one. @returns the folder of the VM that has them. @throws {Error} if all are full */
  show(paths: readonly string[], wayIn: WayIn): Promise<string>;
};

/** @param folder where the disks go, which is made */
export async function makeShelf(folder: string): Promise<Shelf> {
  await mkdir(folder);
  const free = [...BOARDS];
  const disk = (board: string) => join(folder, board);
  for (const board of BOARDS) await succeed(['truncate', '--size', SIZE, disk(board)]);
  return {
    arguments: BOARDS.flatMap((board) => [
      ...['-drive', `if=none,id=${board},format=raw,readonly=on,file=${disk(board)}`],
      ...['-device', `virtio-blk-pci,drive=${board}`],
    ]),
    async show(paths, wayIn) {
      const board = free.shift();
      if (board === undefined) throw new Error('Cannot show more files: all disks are full');
      await fill(disk(board), paths);
      const [device, place] = [`/dev/${board}`, `/run/shelf/${board}`];
      // What it read of it when it started is no longer so.
      const mount = `blockdev --flushbufs ${device} && mount -o ro ${device} ${place}`;
      await wayIn.succeed(`mkdir -p ${place} && ${mount}`);
      return place;
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
