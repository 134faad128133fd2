// Tells a process from a later one with the same number, so that only what we started is ever ended.
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

/** A process, for as long as this machine is up: its number and the clock tick at which it started. */
export type ProcessIdentity = { readonly pid: number; readonly started: string };

/** The identity of a running process; undefined when there is none of this number. */
export async function identify(pid: number): Promise<ProcessIdentity | undefined> {
  const [stat, boot] = await Promise.all([
    readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined),
    readFile('/proc/sys/kernel/random/boot_id', 'utf8'),
  ]);
  if (stat === undefined) return undefined;
  // The name in parentheses may hold anything; behind it come the state (field 3) and, as field 22, the start.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  if (fields[0] === 'Z') return undefined;
  return { pid, started: `${boot.trim()}/${fields[19]}` };
}

/** Whether this very process still runs. */
export async function isAlive(identity: ProcessIdentity): Promise<boolean> {
  const now = await identify(identity.pid);
  return now?.started === identity.started;
}

/** Asks the process to end, waits, then ends it by force. Returns once it is gone. */
export async function endProcess(
  identity: ProcessIdentity,
  { graceSeconds }: { readonly graceSeconds: number },
): Promise<void> {
  if (await signalled(identity, 'SIGTERM', graceSeconds)) return;
  if (await signalled(identity, 'SIGKILL', 30)) return;
  throw new Error(`Cannot end process ${identity.pid}: it is still there 30 s after SIGKILL`);
}

async function signalled(
  identity: ProcessIdentity,
  signal: 'SIGTERM' | 'SIGKILL',
  seconds: number,
): Promise<boolean> {
  if (!(await isAlive(identity))) return true;
  sendSignal(identity.pid, signal);
  return waitForEnd(identity, { seconds });
}

/** A process may end between the look at it and the signal: that is what was wanted. */
function sendSignal(pid: number, signal: 'SIGTERM' | 'SIGKILL'): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}

/** Whether the process ended within the time. */
export async function waitForEnd(
  identity: ProcessIdentity,
  { seconds }: { readonly seconds: number },
): Promise<boolean> {
  const end = Date.now() + seconds * 1000;
  while (await isAlive(identity)) {
    if (Date.now() > end) return false;
    await sleep(50);
  }
  return true;
}
