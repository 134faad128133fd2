// Folders for work on images, on the file system of the store: what becomes whole is renamed out of them.
import { mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { diskWords } from '../../../errors.ts';
import { runProgram } from '../../../host/processes/program.ts';
import { inDiskWords } from './disk-space.ts';

/** `<state>/left-…`: what interrupted work had in `<state>/tmp`. */
const LEFT = 'left-';
const TRIES = 10;
const PAUSE_MS = 1000;

/** `<state>/tmp`. */
export class WorkFolders {
  readonly folder: string;
  readonly #state: string;
  #swept: Promise<void> = Promise.resolve();

  constructor(state: string) {
    this.#state = state;
    this.folder = join(state, 'tmp');
  }

  /**
   * Puts aside what interrupted work has left, and begins to remove that. A program of that work may still be writing: it has
   * no part in what is made from now on.
   */
  async clear(): Promise<void> {
    await mkdir(this.folder, { recursive: true, mode: 0o700 });
    try {
      await this.#putAside();
      this.#swept = this.#sweep();
    } catch (thrown) {
      // A full disk is no reason not to start: what is left is removed at a start that can.
      if (diskWords(thrown) === undefined) throw thrown;
      this.#swept = Promise.reject(thrown);
    }
    // Who wants to know asks for `swept`.
    this.#swept.catch(() => undefined);
  }

  async #putAside(): Promise<void> {
    if ((await readdir(this.folder)).length > 0) {
      await rename(this.folder, await mkdtemp(join(this.#state, LEFT)));
      await mkdir(this.folder, { recursive: true, mode: 0o700 });
    }
  }

  /** Resolves when nothing is left of interrupted work. Rejects with {WaltError} where something cannot be removed. */
  get swept(): Promise<void> {
    return this.#swept;
  }

  /** Calls `use` with a folder of its own, which is gone afterwards. @throws {DiskError} where the disk takes nothing */
  async with<Result>(use: (work: string) => Promise<Result>): Promise<Result> {
    try {
      return await this.#with(use);
    } catch (thrown) {
      throw inDiskWords(thrown);
    }
  }

  async #with<Result>(use: (work: string) => Promise<Result>): Promise<Result> {
    const work = await mkdtemp(join(this.folder, 'work-'));
    try {
      return await use(work);
    } finally {
      await rm(work, { recursive: true, force: true });
    }
  }

  async #sweep(): Promise<void> {
    const names = (await readdir(this.#state)).filter((name) => name.startsWith(LEFT));
    for (const name of names) await removeWritten(join(this.#state, name));
  }
}

/** Somebody may still write there. What is mounted there stays whole. */
async function removeWritten(folder: string): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      await runProgram('rm', ['-rf', '--one-file-system', folder], { diesWithUs: true });
      return;
    } catch (thrown) {
      if (tries === TRIES) throw thrown;
      await sleep(PAUSE_MS);
    }
  }
}
