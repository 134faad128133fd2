// Runs a program to its end; what it prints on standard error explains its failure.
import { spawn } from 'node:child_process';
import { WaltError } from '../errors.ts';
import { debianPackageOf } from './debian-package.ts';

type Options = {
  readonly signal?: AbortSignal;
  /** ended by the kernel when this process is, be it by force: it would go on writing where nobody expects it */
  readonly diesWithUs?: boolean;
};

/** Exit status of `setpriv` for a program that is not there. */
const NOT_FOUND = 127;

/**
 * @returns what the program wrote to standard output
 * @throws {WaltError} if it cannot be started or fails; the message has the end of its standard error
 */
export async function runProgram(
  program: string,
  args: readonly string[],
  { signal, diesWithUs = false }: Options = {},
): Promise<string> {
  const words = diesWithUs
    ? ['setpriv', '--pdeathsig', 'KILL', program, ...args]
    : [program, ...args];
  const [file = '', ...rest] = words;
  const child = spawn(file, rest, {
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(signal === undefined ? {} : { signal }),
  });
  const output: Buffer[] = [];
  let complaint = '';
  child.stdout.on('data', (bytes: Buffer) => output.push(bytes));
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

function notInstalled(program: string, cause?: Error): WaltError {
  return new WaltError(
    `Cannot run ${program}: it is not installed (Debian package ${debianPackageOf(program)})`,
    cause === undefined ? {} : { cause },
  );
}
