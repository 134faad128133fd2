// One build at a time in a cache folder, or one of each name: who comes second waits, and then often finds the work done.
import { randomUUID } from 'node:crypto';
import { link, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isAlive } from './is-alive.ts';

const PATIENCE_SECONDS = 3600;

/** Runs the work while holding the lock of the folder, `lock` or `<name>.lock` in it; `onWait` is told once who holds it. */
export async function withBuildLock<T>(
  folder: string,
  options: {
    readonly name?: string;
    readonly work: () => Promise<T>;
    readonly onWait: (pid: number) => void;
  },
): Promise<T> {
  const { name, work, onWait } = options;
  const lock = join(folder, name === undefined ? 'lock' : `${name}.lock`);
  for (let waited = 0; !(await take(lock)); waited += 1) {
    const holder = await holderOf(lock);
    if (waited === 0 && holder !== undefined) onWait(holder);
    if (waited === PATIENCE_SECONDS) {
      throw new Error(`Cannot build in ${folder}: process ${holder} has held ${lock} for an hour`);
    }
    await sleep(1000);
  }
  try {
    return await work();
  } finally {
    await rm(lock);
  }
}

/** The lock appears with its content, so nobody ever reads half of it. */
async function take(lock: string): Promise<boolean> {
  const own = `${lock}.${randomUUID()}`;
  await writeFile(own, String(process.pid));
  try {
    await link(own, lock);
    return true;
  } catch (error) {
    if (!isCode(error, 'EEXIST')) throw error;
    return false;
  } finally {
    await rm(own);
  }
}

/** The living process that holds the lock; the lock of a dead one is removed. */
async function holderOf(lock: string): Promise<number | undefined> {
  try {
    const pid = Number(await readFile(lock, 'utf8'));
    if (isAlive(pid)) return pid;
    await removeLockOf(lock, pid);
  } catch (error) {
    if (!isCode(error, 'ENOENT')) throw error;
  }
  return undefined;
}

/** Takes the lock away unless it has become another process's meanwhile, who then gets it back. */
async function removeLockOf(lock: string, dead: number): Promise<void> {
  const aside = `${lock}.${randomUUID()}`;
  await rename(lock, aside);
  if (Number(await readFile(aside, 'utf8')) === dead) await rm(aside);
  else await rename(aside, lock);
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
