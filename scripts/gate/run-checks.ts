// Runs named checks one after the other, shows each as it ends, and what failed said at the end.
import { $ } from '../run.ts';
import type { Tally } from './tap.ts';

/** A check passes when its command ends with status 0. */
export type Check = { readonly name: string; readonly command: readonly string[] };

/** Runs all the checks, also behind one that failed. */
export async function runChecks(
  checks: readonly Check[],
  { cwd }: { readonly cwd: string },
): Promise<Tally> {
  const failures: string[] = [];
  for (const { name, command } of checks) {
    const started = Date.now();
    const { exitCode, stdout, stderr } = await $({ nothrow: true, cwd })`${command}`;
    const seconds = ((Date.now() - started) / 1000).toFixed(1);
    console.log(`${exitCode === 0 ? '✔' : '✘'} ${name} (${seconds} s)`);
    if (exitCode !== 0) failures.push(`✘ ${name}: ${command.join(' ')}\n${stdout}${stderr}`);
  }
  for (const failure of failures) console.log(`\n${failure}`);
  return { passed: checks.length - failures.length, failed: failures.length, skipped: 0 };
}
