// Folders for work on images, on the file system of the store: what becomes whole is renamed out of them.
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';

export class WorkFolders {
  readonly folder: string;

  constructor(state: string) {
    this.folder = join(state, 'tmp');
  }

  /** Removes what interrupted work has left. */
  async clear(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
    await mkdir(this.folder, { recursive: true, mode: 0o700 });
  }

  /** Calls `use` with a folder of its own, which is gone afterwards. */
  async with<Result>(use: (work: string) => Promise<Result>): Promise<Result> {
    const work = await mkdtemp(join(this.folder, 'work-'));
    try {
      return await use(work);
    } finally {
      await rm(work, { recursive: true, force: true });
    }
  }
}
