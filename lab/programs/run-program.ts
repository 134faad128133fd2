// Runs a program to its end and gives all it said.
import { spawn } from 'node:child_process';

/** How a program ended. */
export type ProgramResult = {
  /** null where a signal ended it */
  readonly code: number | null;
  readonly stdout: Buffer;
  readonly stderr: Buffer;
  /** Both outputs as text, for messages. */
  readonly said: string;
};

/** How a program is run. */
export type RunOptions = {
  /** The program is killed after these, which fails as any other exit code would. */
  readonly seconds?: number;
  readonly cwd?: string;
  /** What it reads from its standard input; nothing unless given. */
  readonly input?: string | Uint8Array;
  /** In a process group of its own: ctrl-C on the terminal does not reach it. */
  readonly isDetached?: boolean;
  readonly signal?: AbortSignal;
};

/** @throws what `spawn` reports where the program cannot be started, or the signal aborted */
export async function runProgram(
  argv: readonly string[],
  { seconds = 60, cwd, input, isDetached = false, signal }: RunOptions = {},
): Promise<ProgramResult> {
  const [file = '', ...args] = argv;
  const child = spawn(file, args, {
    cwd,
    stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
    timeout: seconds * 1000,
    killSignal: 'SIGKILL',
    detached: isDetached,
    ...(signal === undefined ? {} : { signal }),
  });
  const stdout: Buffer[] = [];
  const stderr: Buffer[] = [];
  const all: Buffer[] = [];
  child.stdout?.on('data', (bytes: Buffer) => {
    stdout.push(bytes);
    all.push(bytes);
  });
  child.stderr?.on('data', (bytes: Buffer) => {
    stderr.push(bytes);
    all.push(bytes);
  });
  child.stdin?.end(input);
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  const said = Buffer.concat(all).toString();
  return { code, stdout: Buffer.concat(stdout), stderr: Buffer.concat(stderr), said };
}

/** The same, for a program that has to end well. @throws {Error} with what it said, where it ends otherwise */
export async function succeed(
  argv: readonly string[],
  options: RunOptions = {},
): Promise<ProgramResult> {
  const result = await runProgram(argv, options);
  if (result.code === 0) return result;
  const how = result.code === null ? 'was killed' : `ended with ${result.code}`;
  throw new Error(`${argv.join(' ')} ${how}: ${result.said.trim()}`);
}
