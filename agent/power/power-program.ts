// Runs the operator's program for power: no shell, and an end to its time and to what it may write.
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import { WaltError } from '../errors.ts';
import { readLines } from '../host/text/lines.ts';
import { PowerRefused } from './driver.ts';

/** Of what a program writes. */
export type From = 'stdout' | 'stderr';

type Options = {
  readonly seconds: number;
  readonly onLine: (line: string, from: From) => void;
};

/** Who runs it, as `runPowerProgram`. */
export type PowerRunner = (
  program: string,
  args: readonly string[],
  options: Options,
) => Promise<string>;

type Child = ChildProcessByStdio<null, Readable, Readable>;

/** So many lines of one run are told of. */
const MOST_LINES = 200;
const MOST_BYTES = 1_000_000;
const LONGEST_LINE = 500;
/** What has left the process group of an ended program may still hold its output open. */
const LAST_OUTPUT_MS = 1000;

/** What the kernel says where a file is no program (execve(2)). */
const NOT_STARTED: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file, or the interpreter of its first line is missing',
  EACCES: 'it may not be executed (chmod +x makes a file a program)',
  ENOTDIR: 'a part of its path is no folder',
};

/**
 * Runs the program to its end. Its environment has `PATH`, `HOME` and `LANG` alone, its input is empty, and what it has left
 * behind in its process group ends with it.
 * @returns the last line of its standard output
 * @throws {WaltError} if it cannot be started, takes too long, writes too much or ends with another status than 0
 */
export async function runPowerProgram(
  program: string,
  args: readonly string[],
  { seconds, onLine }: Options,
): Promise<string> {
  const child = start(program, args);
  let why: string | undefined;
  const stop = (reason: string) => {
    why ??= reason;
    endGroup(child);
  };
  const last = followOutput(child, { onLine, onTooMuch: () => stop('it writes without end') });
  const timer = setTimeout(() => stop(`it took longer than ${seconds} s`), seconds * 1000);
  const status = await ended(child, program).finally(() => clearTimeout(timer));
  if (why !== undefined) throw new WaltError(`${program} was ended: ${why}`);
  if (status === 0) return last.stdout;
  const how = typeof status === 'number' ? `ended with status ${status}` : `was ended by ${status}`;
  const said = last.any === '' ? '' : `: ${last.any}`;
  throw new WaltError(`${program} ${how}${said}`);
}

/** Some reasons not to start a program are thrown, others come as an event. */
function start(program: string, args: readonly string[]): Child {
  const { PATH = '/usr/sbin:/usr/bin:/sbin:/bin', HOME = '/', LANG = 'C.UTF-8' } = process.env;
  try {
    return spawn(program, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      // A process group of its own, so that all of it can be ended. It is not ended with the server, which would leave a
      // machine off that is being power cycled.
      detached: true,
      cwd: '/',
      env: { PATH, HOME, LANG },
    });
  } catch (cause) {
    throw notStarted(program, cause as NodeJS.ErrnoException);
  }
}

function notStarted(program: string, cause: NodeJS.ErrnoException): PowerRefused {
  const reason = NOT_STARTED[cause.code ?? ''] ?? cause.message;
  return new PowerRefused(`Cannot run ${program}: ${reason}`, { cause });
}

/** @returns the last lines, as they are at the moment of asking */
function followOutput(
  child: Child,
  { onLine, onTooMuch }: Pick<Options, 'onLine'> & { readonly onTooMuch: () => void },
): { readonly stdout: string; readonly any: string } {
  const last = { stdout: '', any: '' };
  let lines = 0;
  let bytes = 0;
  for (const from of ['stdout', 'stderr'] as const) {
    child[from].on('data', (text: string) => {
      bytes += text.length;
      if (bytes > MOST_BYTES) onTooMuch();
    });
    readLines(child[from], (whole) => {
      const line = whole.slice(0, LONGEST_LINE);
      last.any = line;
      if (from === 'stdout') last.stdout = line;
      lines += 1;
      if (lines <= MOST_LINES) onLine(line, from);
      if (lines === MOST_LINES + 1) onLine('(more than that is left out)', 'stderr');
    });
  }
  return last;
}

function ended(child: Child, program: string): Promise<number | string> {
  return new Promise((resolve, reject) => {
    child.once('error', (cause) => reject(notStarted(program, cause)));
    child.once('exit', () => {
      endGroup(child);
      const timer = setTimeout(() => {
        child.stdout.destroy();
        child.stderr.destroy();
      }, LAST_OUTPUT_MS);
      child.once('close', () => clearTimeout(timer));
    });
    child.once('close', (code, killedBy) => resolve(code ?? killedBy ?? 'unknown'));
  });
}

function endGroup({ pid }: Child): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch (gone) {
    if ((gone as NodeJS.ErrnoException).code !== 'ESRCH') throw gone;
  }
}
