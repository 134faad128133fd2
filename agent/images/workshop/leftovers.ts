// What a server that was killed has left of its work: programs in containers, and their mounts.
import { readdir, readFile } from 'node:fs/promises';
import { unmountBelow } from '../../host/mounting/unmount-below.ts';

/** A program may start another one while the list is read. */
const ROUNDS = 5;

/**
 * Ends the programs that still run in containers of `folder`, and takes their mounts away.
 * @throws {WaltError} if a mount cannot be taken away
 */
export async function endLeftovers(folder: string): Promise<void> {
  for (let round = 0; round < ROUNDS; round += 1) {
    const pids = await programsIn(folder);
    if (pids.length === 0) break;
    for (const pid of pids) kill(pid);
  }
  await unmountBelow(folder);
}

/** Their root file system is an overlay whose changes go to the folder. */
async function programsIn(folder: string): Promise<number[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
  const found = await Promise.all(pids.map((pid) => isRootedIn(folder, pid)));
  return pids.filter((_, index) => found[index]);
}

/** `mounts` of a program are those below its own root (proc_pid_mounts(5)). */
async function isRootedIn(folder: string, pid: number): Promise<boolean> {
  // A program that has just ended has none any more.
  const mounts = await readFile(`/proc/${pid}/mounts`, 'utf8').catch(() => '');
  return mounts
    .split('\n')
    .some((line) => / \/ overlay /.test(line) && line.includes(`,upperdir=${folder}/`));
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (thrown) {
    // It ended by itself meanwhile.
    if ((thrown as NodeJS.ErrnoException).code !== 'ESRCH') throw thrown;
  }
}
