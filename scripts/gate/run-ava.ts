// One run of ava: its lines are shown in a readable form as they come, and counted.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { add, NOTHING, readTapLine, type Tally } from './tap.ts';

const BARE_ERRORS = import.meta.resolve('./bare-errors.ts');
const AVA = fileURLToPath(new URL('cli.js', import.meta.resolve('ava')));

/** Where Node keeps modules without their types and compiled, for the hundreds of processes that tests start. */
const COMPILE_CACHE = 'node_modules/.cache/node';

const MARKS = { passed: '✔', failed: '✘', skipped: '-' } as const;

/**
 * Runs ava with these arguments. A run that breaks off without a failed test counts as one failure.
 * So does one that says nothing for `quietMs`: a test that failed before it closed its server keeps ava from ending.
 * Each test is printed with the time of its end, in seconds of this run: so a log tells where the minutes go.
 */
export async function runAva(
  args: readonly string[],
  { cwd, quietMs }: { readonly cwd: string; readonly quietMs: number },
): Promise<Tally> {
  const child = spawn(process.execPath, ['--import', BARE_ERRORS, AVA, '--tap', ...args], {
    cwd,
    env: { ...process.env, NODE_COMPILE_CACHE: resolve(cwd, COMPILE_CACHE) },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const closed = once(child, 'close');
  const start = performance.now();
  const seconds = () => Math.round((performance.now() - start) / 1000);
  const quiet = setTimeout(() => child.kill('SIGKILL'), quietMs);
  let tally = NOTHING;
  for await (const line of createInterface({ input: child.stdout })) {
    quiet.refresh();
    const read = readTapLine(line);
    if (read.kind === 'test') {
      tally = add(tally, { ...NOTHING, [read.outcome]: 1 });
      console.log(`${MARKS[read.outcome]} ${read.title} (at ${seconds()} s)`);
    } else if (!/^(TAP version|1\.\.\d|# (tests|pass|fail|skip|todo) |#? *$)/.test(read.text)) {
      console.log(read.text);
    }
  }
  const [status, signal] = await closed;
  clearTimeout(quiet);
  if (status !== 0 && (tally.failed === 0 || signal !== null)) {
    console.log(`✘ ava ended with ${signal ?? `status ${status}`}`);
    return add(tally, { ...NOTHING, failed: 1 });
  }
  return tally;
}
