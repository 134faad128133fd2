// A script of this machine that sends or takes a tar.
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { PassThrough } from 'node:stream';
import { CommandError } from '../command-line/command-error.ts';

/** A script that runs. */
export type Program = {
  readonly child: ChildProcessWithoutNullStreams;
  /** what it writes */
  readonly output: PassThrough;
  /** Resolves with what it complained of. @throws {CommandError} with that, if it failed */
  readonly ended: Promise<string>;
};

const LONGEST_COMPLAINT = 4000;

/** @param folder to which paths are relative */
export function startScript(script: string, args: readonly string[], folder: string): Program {
  const child = spawn('sh', ['-c', script, 'walt', ...args], { cwd: folder, stdio: 'pipe' });
  // Why it reads no more, its standard error says.
  child.stdin.on('error', () => undefined);
  // Node.js drops what waits in a pipe that nobody reads when its program ends.
  const output = child.stdout.pipe(new PassThrough());
  let complaint = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaint = `${complaint}${text}`.slice(0, LONGEST_COMPLAINT);
  });
  const ended = new Promise<string>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      if (code === 0) resolve(complaint.trim());
      else reject(new CommandError(complaint.trim() || `it ended with status ${code}`));
    });
  });
  // Whoever waits for it later is told.
  ended.catch(() => undefined);
  return { child, output, ended };
}
