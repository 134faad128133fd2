// One run of ava: its lines are shown in a readable form as they come, and counted.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Failure } from './failures.ts';
import { add, NOTHING, readTapLine, type Tally } from './tap.ts';

const BARE_ERRORS = import.meta.resolve('./bare-errors.ts');
const AVA = fileURLToPath(new URL('cli.js', import.meta.resolve('ava')));

/** Where Node keeps modules without their types and compiled, for the hundreds of processes that tests start. */
const COMPILE_CACHE = 'node_modules/.cache/node';

/** How a run ended: the counts, and each failed test with what ava said of it. */
export type Run = { readonly tally: Tally; readonly failures: readonly Failure[] };

const MARKS = { passed: '✔', failed: '✘', skipped: '-' } as const;

/**
 * Runs ava with these arguments. A run that breaks off without a failed test counts as one failure.
 * So does one that says nothing for `quietMs`: a test that failed before it closed its server keeps ava from ending.
 * Each test is printed with the time of its end, in seconds of this run: so a log tells where the minutes go.
 */
export async function runAva(
  args: readonly string[],
  { cwd, quietMs }: { readonly cwd: string; readonly quietMs: number },
): Promise<Run> {
  const child = spawn(process.execPath, ['--import', BARE_ERRORS, AVA, '--tap', ...args], {
    cwd,
    env: { ...process.env, NODE_COMPILE_CACHE: resolve(cwd, COMPILE_CACHE) },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const closed = once(child, 'close');
  const record = new Record();
  const quiet = setTimeout(() => child.kill('SIGKILL'), quietMs);
  for await (const line of createInterface({ input: child.stdout })) {
    quiet.refresh();
    record.take(line);
  }
  const [status, signal] = await closed;
  clearTimeout(quiet);
  if (status !== 0 && (record.tally.failed === 0 || signal !== null)) {
    record.take(`not ok 0 - ava ended with ${signal ?? `status ${status}`}`);
  }
  return record;
}

/** What a run has told so far; each line is printed as it is taken. */
class Record implements Run {
  tally = NOTHING;
  readonly failures: Failure[] = [];
  readonly #start = performance.now();
  #details: string[] = [];

  /** Takes one line of ava, without its line end. */
  take(line: string): void {
    const read = readTapLine(line);
    if (read.kind === 'test') this.#endTest(read.title, read.outcome);
    else if (!/^(TAP version|1\.\.\d|# (tests|pass|fail|skip|todo) |#? *$)/.test(read.text)) {
      console.log(read.text);
      this.#details.push(read.text);
    }
  }

  #endTest(title: string, outcome: keyof Tally): void {
    const seconds = Math.round((performance.now() - this.#start) / 1000);
    console.log(`${MARKS[outcome]} ${title} (at ${seconds} s)`);
    this.tally = add(this.tally, { ...NOTHING, [outcome]: 1 });
    this.#details = [];
    if (outcome === 'failed') this.failures.push({ title, details: this.#details });
  }
}
