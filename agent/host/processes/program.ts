// Runs a program to its end; what it prints on standard error explains its failure.
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { WaltError } from '../../errors.ts';
import { readLines } from '../text/lines.ts';
import { debianPackageOf } from './debian-package.ts';
import { wordsToDieWithUs } from './less-rights.ts';

type Options = {
  readonly signal?: AbortSignal;
  /**
   * The kernel ends the program when this process ends, even by `kill -9`. Without it, the program would go on and change
   * files that the next server works on.
   */
  readonly diesWithUs?: boolean;
  /** beside that of this process */
  readonly env?: Readonly<Record<string, string>>;
  /** what the program reads from standard input, which is empty otherwise */
  readonly input?: string;
  /** takes each line of standard output as it comes, instead of the caller in the end */
  readonly onLine?: (line: string) => void;
  /** file descriptors that the program has as 3 and on */
  readonly files?: readonly number[];
};

/** Exit status of what comes before a command, for a program that is not there. */
const NOT_FOUND = 127;

/**
 * Runs a program without a shell.
 * @param options `signal` ends the program, which then counts as failed
 * @returns what the program wrote to standard output; nothing where `onLine` takes it
 * @throws {WaltError} if it cannot be started or fails; the message has the end of its standard error
 */
export async function runProgram(
  program: string,
  args: readonly string[],
  { signal, diesWithUs = false, env = {}, input, onLine, files = [] }: Options = {},
): Promise<string> {
  const words = [...(diesWithUs ? wordsToDieWithUs() : []), program, ...args];
  const [file = '', ...rest] = words;
  const child = spawn(file, rest, {
    stdio: ['pipe', 'pipe', 'pipe', ...files],
    env: { ...process.env, ...env },
    ...(signal === undefined ? {} : { signal }),
  }) as ChildProcessWithoutNullStreams;
  // A program that ends before it has read all says why itself.
  child.stdin.on('error', () => undefined).end(input);
  const output: Buffer[] = [];
  let complaint = '';
  if (onLine === undefined) child.stdout.on('data', (bytes: Buffer) => output.push(bytes));
  if (onLine !== undefined) readLines(child.stdout, onLine);
  child.stderr.on('data', (bytes: Buffer) => {
    complaint = (complaint + bytes.toString()).slice(-2000);
  });
  const status = await new Promise<number | string>((resolve, reject) => {
    child.once('error', (cause) => {
      if (signal?.aborted !== true) reject(notStarted(program, cause));
    });
    child.once('close', (code, killedBy) => resolve(code ?? killedBy ?? 'unknown'));
  });
  if (status === 0) return Buffer.concat(output).toString();
  if (diesWithUs && status === NOT_FOUND) throw notInstalled(program);
  throw new WaltError(`${program} ${args[0] ?? ''} failed (${status}): ${complaint.trim()}`);
}

function notStarted(program: string, cause: Error): WaltError {
  const isMissing = (cause as NodeJS.ErrnoException).code === 'ENOENT';
  return isMissing
    ? notInstalled(program, cause)
    : new WaltError(`Cannot run ${program}: ${cause.message}`, { cause });
}

/** What is to be done where a program is missing. */
export function notInstalled(program: string, cause?: Error): WaltError {
  return new WaltError(
    `Cannot run ${program}: it is not installed (Debian package ${debianPackageOf(program)})`,
    cause === undefined ? {} : { cause },
  );
}
