// Whether a process that left something behind is still at it.
import { readFileSync } from 'node:fs';

/** True for a process that runs, of whatever user. One that ended and that nobody has waited for yet does not run. */
export function isAlive(pid: number): boolean {
  let stat: string;
  try {
    stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ENOENT' || code === 'ESRCH') return false;
    throw error;
  }
  // The name in parentheses may hold anything; the state is behind it.
  return !stat.slice(stat.lastIndexOf(')') + 2).startsWith('Z');
}
