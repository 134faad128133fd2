// A second chance for tests that failed on a busy machine: alone, and said as what it is.
import { type Failure, failuresText, fileOf } from './failures.ts';
import type { Run } from './run-ava.ts';
import type { Tally } from './tap.ts';

/** More files than this do not fail by chance. */
const MOST_FILES = 3;

/** Runs these files, so many at a time as the arguments of ava say. */
export type Ava = (files: readonly string[], concurrency: readonly string[]) => Promise<Run>;

type Options = {
  /** of the first run */
  readonly files: readonly string[];
  readonly ava: Ava;
  readonly print?: (text: string) => void;
};

/**
 * Runs the files of failed tests again, one at a time. A test that passes then counts as passed, and is printed with what it
 * said the first time: somebody has to mend it. A run that broke off, or with failures in many files, stays as it is.
 */
export async function runAgain(
  first: Run,
  { files, ava, print = (text) => console.log(text) }: Options,
): Promise<Run> {
  const holders = first.failures.map(({ title }) => fileOf(title, files));
  const known = [...new Set(holders)].filter((file) => file !== undefined);
  if (known.length === 0 || known.length > MOST_FILES || holders.includes(undefined)) return first;
  print(`\nAgain, one file at a time: ${known.join(', ')}`);
  const failures: Failure[] = [];
  for (const file of known) failures.push(...(await ava([file], ['--concurrency=1'])).failures);
  const unsteady = first.failures.filter((one) => !failures.some((again) => isSame(one, again)));
  if (unsteady.length > 0) {
    print(`\nFailed at first, and passed alone:\n${failuresText(unsteady)}`);
  }
  return { tally: secondTally(first.tally, failures.length), failures };
}

/** A file that runs alone has titles without the folders and the name of the file. */
function isSame(first: Failure, again: Failure): boolean {
  return first.title === again.title || first.title.endsWith(` › ${again.title}`);
}

function secondTally({ passed, failed, skipped }: Tally, failedAgain: number): Tally {
  return { passed: passed + Math.max(failed - failedAgain, 0), failed: failedAgain, skipped };
}
