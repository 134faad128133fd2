// Processor time of programs: others who use the machine count little.
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { succeed } from '../../lab/programs/run-program.ts';

/** Of a program and of what it became, until its end, in seconds. */
export async function computing(argv: readonly string[]): Promise<number> {
  const { stdout } = await succeed(['sh', '-c', '"$@" > /dev/null; times', 'sh', ...argv]);
  const last = stdout.toString().trim().split('\n').at(-1) ?? '';
  const parts = [...last.matchAll(/(\d+)m([\d.]+)s/g)];
  return parts.reduce((sum, [, minutes, rest]) => sum + Number(minutes) * 60 + Number(rest), 0);
}

/** Of a process that runs, and of programs that it ran to their end: what part of a processor it took for so many seconds. */
export async function partOfProcessor(pid: number, seconds: number): Promise<number> {
  const [before, begun] = [await ticksOf(pid), performance.now()];
  await sleep(seconds * 1000);
  const ticks = (await ticksOf(pid)) - before;
  // proc(5) counts in ticks of 10 ms (sysconf(_SC_CLK_TCK) is 100 on each processor that Debian has).
  return (ticks * 10) / (performance.now() - begun);
}

/** proc(5), fields 14 to 17 of stat: own time in user and kernel mode, and that of children. */
async function ticksOf(pid: number): Promise<number> {
  const text = await readFile(`/proc/${pid}/stat`, 'latin1');
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
}
