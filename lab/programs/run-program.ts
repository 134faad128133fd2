/** Runs a real client to its end and gives all it said. */
import { spawn } from 'node:child_process';

export type ProgramResult = {
  readonly code: number | null;
  readonly stdout: Buffer;
  /** Both outputs as text, for messages. */
  readonly said: string;
};

/** The program is killed after `seconds`, which fails as any other exit code would. */
export async function runProgram(
  argv: readonly string[],
  options: { readonly seconds?: number; readonly cwd?: string } = {},
): Promise<ProgramResult> {
  const [file = '', ...args] = argv;
  const child = spawn(file, args, {
    cwd: options.cwd,
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: (options.seconds ?? 60) * 1000,
    killSignal: 'SIGKILL',
  });
  const stdout: Buffer[] = [];
  const all: Buffer[] = [];
  child.stdout.on('data', (bytes: Buffer) => {
    stdout.push(bytes);
    all.push(bytes);
  });
  child.stderr.on('data', (bytes: Buffer) => all.push(bytes));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  return { code, stdout: Buffer.concat(stdout), said: Buffer.concat(all).toString() };
}
