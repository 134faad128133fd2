// What the doctor says once a setup is done, and what the setup ends with.
import { spawnSync } from 'node:child_process';
import { isLate } from '../doctor/run-checks.ts';

type Checked = { readonly name: string; readonly status: string; readonly detail: string };

const BUSY = `The server has just started, and these checks took too long, which says nothing against it:`;

/**
 * Lets `walt doctor` speak. A machine that is slow or busy, as while it unpacks its first image, is no failure of the setup: it is
 * asked twice, and checks that only took too long do not count.
 * @param say prints a line
 * @param walt the program
 * @returns the exit code of the setup
 */
export function lastWord(say: (line: string) => void, walt = 'walt'): number {
  if (spawnSync(walt, ['doctor'], { stdio: 'inherit' }).status === 0) return 0;
  const failed = failedChecks(walt);
  if (failed === undefined || !failed.every(({ detail }) => isLate(detail))) return 1;
  if (failed.length === 0) say('Asked again, the server is well.');
  else say(`${BUSY} ${failed.map(({ name }) => name).join(', ')}. Later: walt doctor`);
  return 0;
}

/** Those of now; undefined where nobody can say. */
function failedChecks(walt: string): readonly Checked[] | undefined {
  const stdio = ['ignore', 'pipe', 'ignore'] as const;
  const { stdout } = spawnSync(walt, ['doctor', '--json'], { stdio: [...stdio], encoding: 'utf8' });
  try {
    const { checks } = JSON.parse(stdout) as { readonly checks: readonly Checked[] };
    return checks.filter(({ status }) => status === 'failed');
  } catch {
    return undefined;
  }
}
