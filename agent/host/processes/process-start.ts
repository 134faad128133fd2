// When a process started: with its number it names a process for as long as the machine is up. For those who ask each second.
import { readFileSync } from 'node:fs';

/** A process that was found, until another one has its number. */
export type FoundProcess = { readonly pid: number; readonly started: string };

/** The process of this number; undefined where there is none, or nobody has waited for it yet. */
export function findProcess(pid: number): FoundProcess | undefined {
  const started = startOf(pid);
  return started === undefined ? undefined : { pid, started };
}

/** Whether it still runs. */
export function isRunning({ pid, started }: FoundProcess): boolean {
  return startOf(pid) === started;
}

/** The clock tick, field 22 of stat (proc(5)). The kernel answers at once, so that no thread has to wait for it. */
function startOf(pid: number): string | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // The name in parentheses may hold anything.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' ? undefined : fields[19];
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ESRCH') return undefined;
    throw error;
  }
}
