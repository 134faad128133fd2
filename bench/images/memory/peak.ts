/** The most memory that the program which unpacks images has at any time. */
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Namespace } from '../../../lab/network/namespace.ts';
import { runProgram } from '../../../lab/programs/run-program.ts';

const PAUSE_MS = 100;
const UNPACKER = /unpacker/;

/**
 * Looks until the work is done.
 * @returns kibibytes, the kernel's own mark of the most (VmHWM, proc_pid_status(5))
 * @throws what the work throws; {Error} if there was no such program
 */
export async function peakOfUnpacker(
  { name }: Pick<Namespace, 'name'>,
  work: () => Promise<unknown>,
): Promise<number> {
  const state = { isOver: false };
  const working = work().finally(() => {
    state.isOver = true;
  });
  working.catch(() => undefined);
  let most = 0;
  while (!state.isOver) {
    for (const pid of await unpackers(name)) most = Math.max(most, await peakOf(pid));
    await sleep(PAUSE_MS);
  }
  await working;
  if (most === 0) throw new Error('Cannot measure the unpacker: there was none');
  return most;
}

async function unpackers(namespace: string): Promise<string[]> {
  const { stdout } = await runProgram(['ip', 'netns', 'pids', namespace]);
  const found: string[] = [];
  for (const pid of stdout.toString().split('\n').filter(Boolean)) {
    if (UNPACKER.test(await textOf(`/proc/${pid}/cmdline`))) found.push(pid);
  }
  return found;
}

async function peakOf(pid: string): Promise<number> {
  const [, kibibytes = '0'] =
    /^VmHWM:\s+(\d+) kB$/m.exec(await textOf(`/proc/${pid}/status`)) ?? [];
  return Number(kibibytes);
}

/** Of a process that may have ended meanwhile. */
async function textOf(path: string): Promise<string> {
  return await readFile(path, 'utf8').catch(() => '');
}
