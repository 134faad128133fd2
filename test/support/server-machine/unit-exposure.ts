// What `systemd-analyze security` says of a unit: from 0.0 (nothing can be done with it) to 10.0.
import { runProgram } from '../../../lab/programs/run-program.ts';

/** What it says of it; undefined where this machine lacks the program (Debian package systemd). */
export type Exposure = { readonly level: number; readonly complaints: string } | undefined;

/** @param unit path of a unit file. @throws {Error} where systemd has no opinion of it */
export async function exposureOf(unit: string): Promise<Exposure> {
  const words = ['systemd-analyze', 'security', '--offline=true', '--no-pager', unit];
  const ended = await runProgram(words).catch((thrown: NodeJS.ErrnoException) => {
    if (thrown.code === 'ENOENT') return undefined;
    throw thrown;
  });
  if (ended === undefined) return undefined;
  const [, level] = /Overall exposure level for .*: (\d+\.\d)/.exec(ended.stdout.toString()) ?? [];
  if (level === undefined) throw new Error(`No exposure of ${unit}: ${ended.stderr}`);
  return { level: Number(level), complaints: ended.stderr.toString() };
}
