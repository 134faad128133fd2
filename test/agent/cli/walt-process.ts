// The `walt` command as its users run it, as a process.
import { type ChildProcess, spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { WALT } from '../../../lab/programs/walt-programs.ts';

/** What it has written, and how it ended. */
export type Result = { readonly code: number | null; readonly out: string; readonly err: string };

/** One that runs. */
export type RunningWalt = {
  readonly child: ChildProcess;
  /** what it has written so far */
  readonly said: () => { readonly out: string; readonly err: string };
  readonly result: Promise<Result>;
};

/** Runs `walt` as user `alice`, unless the environment says otherwise. */
export function startWalt(args: readonly string[], env: Record<string, string>): RunningWalt {
  const { SUDO_USER: _sudoUser, ...inherited } = process.env;
  const child = spawn(process.execPath, [WALT, ...args], {
    env: { ...inherited, USER: 'alice', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: 120_000,
    killSignal: 'SIGKILL',
  });
  let out = '';
  let err = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    err += text;
  });
  const result = new Promise<Result>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => {
      resolve({ code, out, err: signal === null ? err : `${err}(ended by ${signal})` });
    });
  });
  return { child, said: () => ({ out, err }), result };
}

/** Polls until `walt` has written a text; the error shows what it did write. */
export async function until(
  { child, said }: RunningWalt,
  { pattern, where = 'out' }: { readonly pattern: RegExp; readonly where?: 'out' | 'err' },
): Promise<void> {
  for (let tries = 0; tries < 600; tries += 1) {
    if (pattern.test(said()[where])) return;
    if (child.exitCode !== null) break;
    await sleep(50);
  }
  throw new Error(`walt did not write ${pattern} within 30 s, but ${JSON.stringify(said())}`);
}
