// Whose a state folder is: one server at a time works on it. The lock is the kernel's, so that a server that was killed leaves nothing
// of it; SQLite takes it, since Node.js has no call for that.
import { readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { diskWords, WaltError } from '../../errors.ts';
import { makePrivateFile } from './private-folder.ts';

type Options = {
  /** what cannot be done while another one works there: `Cannot start` */
  readonly failure: string;
  /** told of a process that ends, and is waited for */
  readonly say?: (line: string) => void;
};

/** Nothing is in it. */
export const STATE_LOCK = 'server.lock';
const LOOK_MS = 50;
/** Milliseconds that the end of a process may take: the kernel frees what it had in memory first. */
const END_MS = 30_000;
/** The same of one that is not seen: it has just gone, or is in a container of its own. */
const UNSEEN_MS = 2000;

/** SQLITE_BUSY; https://www.sqlite.org/rescode.html */
const BUSY = 5;
/** PF_EXITING of Linux (include/linux/sched.h), in field 9 of /proc/PID/stat. */
const EXITING = 0x4;
/** SIGKILL in a mask of signals, where bit 0 is signal 1. */
const KILLED = 1n << 8n;

/** A state folder that this process has. */
export type HeldState = {
  /** Lets it go; the end of this process does so, too. */
  readonly release: () => void;
  /** The same, and leaves nothing in the folder. */
  readonly releaseWithoutTrace: () => Promise<void>;
};

/**
 * Takes a state folder, once nobody else has it: a server that ends is waited for.
 * @throws {WaltError} naming who works there
 */
export async function holdState(state: string, options: Options): Promise<HeldState> {
  const file = join(state, STATE_LOCK);
  const release = await lockOf(file, { ...options, isMade: true });
  const releaseWithoutTrace = async () => {
    await rm(file, { force: true });
    release();
  };
  return { release, releaseWithoutTrace };
}

/** @throws {WaltError} naming who works there; nothing is made or changed */
export async function refuseHeld(state: string, options: Options): Promise<void> {
  const release = await lockOf(join(state, STATE_LOCK), { ...options, isMade: false });
  release();
}

async function lockOf(
  file: string,
  { failure, say, isMade }: Options & { readonly isMade: boolean },
): Promise<() => void> {
  const began = performance.now();
  let waitsFor: number | undefined;
  for (;;) {
    if (isMade) await makePrivateFile(file).catch(unlessOfDisk);
    const number = await inodeOf(file);
    if (number === undefined) return () => undefined;
    const release = lock(file);
    // Whoever had it may have removed the file: then this is a lock that nobody else sees.
    if (release !== undefined && (await inodeOf(file)) === number) return release;
    release?.();
    if (release !== undefined) continue;
    const pid = await holderOf(number);
    const patience = pid === undefined ? UNSEEN_MS : (await isEnding(pid)) ? END_MS : 0;
    if (performance.now() - began > patience)
      throw new WaltError(`${failure}: ${await holding(pid)}`);
    if (pid !== undefined && pid !== waitsFor) say?.(`waits for process ${pid}, which is ending`);
    waitsFor = pid;
    await sleep(LOOK_MS);
  }
}

/** Where nothing can be written, the database says so. */
function unlessOfDisk(thrown: unknown): void {
  if (diskWords(thrown) === undefined) throw thrown;
}

async function inodeOf(file: string): Promise<number | undefined> {
  return await stat(file).then(
    ({ ino }) => ino,
    () => undefined,
  );
}

async function holding(pid: number | undefined): Promise<string> {
  if (pid === undefined) {
    return 'a server runs there, in a container or where this one does not see it. Stop it first.';
  }
  const stop = (await stopCommandOf(pid)) ?? `systemctl stop walt-server, or kill ${pid}`;
  return `a server runs there, process ${pid}. Stop it first: ${stop}.`;
}

/** Whoever started it may have said in its environment how it is ended, as `npm start` does; environ of proc(5). */
async function stopCommandOf(pid: number): Promise<string | undefined> {
  const environment = await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '');
  const begin = 'WALT_STOP_COMMAND=';
  const entry = environment.split('\0').find((text) => text.startsWith(begin));
  return entry?.slice(begin.length) || undefined;
}

/** @returns undefined where another process has it */
function lock(file: string): (() => void) | undefined {
  const database = new DatabaseSync(file);
  try {
    database.exec('BEGIN EXCLUSIVE');
  } catch (thrown) {
    database.close();
    if ((thrown as { readonly errcode?: number }).errcode === BUSY) return undefined;
    if (diskWords(thrown) !== undefined) return () => undefined;
    throw thrown;
  }
  return () => database.close();
}

/** The process that has locked a file: `1: POSIX  ADVISORY  WRITE 4711 08:01:131 1073741826 1073742335`, proc(5). */
async function holderOf(inode: number): Promise<number | undefined> {
  const locks = (await readFile('/proc/locks', 'utf8').catch(() => '')).split('\n');
  const fields = locks.map((line) => line.split(/\s+/));
  const [, , , , pid] = fields.find((words) => words[5]?.endsWith(`:${inode}`)) ?? [];
  return Number(pid) > 0 ? Number(pid) : undefined;
}

/** Whether a process has been killed, or does nothing any more but to go. */
async function isEnding(pid: number): Promise<boolean> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  if (text === undefined) return !isThere(pid);
  // The name in parentheses may hold anything; behind it come the state (field 3) and, as field 9, the flags.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  if ('ZXx'.includes(fields[0] ?? '') || (Number(fields[6]) & EXITING) !== 0) return true;
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  return [...status.matchAll(/^(?:Sig|Shd)Pnd:\s*(\w+)$/gm)].some(
    ([, mask]) => (BigInt(`0x${mask}`) & KILLED) !== 0n,
  );
}

/** Of a process of another user /proc may show nothing. */
function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (thrown) {
    return (thrown as NodeJS.ErrnoException).code === 'EPERM';
  }
}
