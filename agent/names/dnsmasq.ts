// The process of dnsmasq: started, told to read its files again, ended. One that a killed server left is ended first.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf, WaltError } from '../errors.ts';
import {
  endProcess,
  identify,
  isAlive,
  type ProcessIdentity,
} from '../host/processes/process-identity.ts';
import { dnsmasqCommand } from './dnsmasq-command.ts';
import type { NamePlace, NameProcess } from './name-process.ts';

/** System programs lie in sbin, which a user's search path may lack. */
const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
const WORDS_MAX = 2000;
/** Exit status of a shell and of `setpriv` for a program that is not there. */
const NOT_FOUND = 127;
const GRACE = { graceSeconds: 3 };

/** The program is not on this machine: nothing helps but installing it. */
export class NotInstalledError extends WaltError {
  override name = 'NotInstalledError' as const;
}

type Options = {
  readonly command: readonly string[];
  /** of the records of the process; root's alone */
  readonly folder: string;
};

/** The one process of a server, a child of this one. */
export class Dnsmasq implements NameProcess {
  readonly #command: readonly string[];
  readonly #record: string;
  #child: ChildProcess | undefined;
  #said = '';
  #over: Promise<unknown> = Promise.resolve();

  constructor({ command, folder }: Options) {
    this.#command = command;
    this.#record = join(folder, 'names.pid');
  }

  get isRunning(): boolean {
    return this.#child !== undefined && !hasEnded(this.#child);
  }

  async start(): Promise<void> {
    await this.#endLeftover();
    const [program = '', ...args] = this.#command;
    const child = spawn(program, args, {
      cwd: '/',
      env: { PATH },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    this.#said = '';
    child.stderr.on('data', (bytes: Buffer) => {
      this.#said = (this.#said + bytes.toString()).slice(-WORDS_MAX);
    });
    try {
      await once(child, 'spawn');
    } catch (cause) {
      throw new NotInstalledError(`Cannot run ${program}: ${messageOf(cause)}`, { cause });
    }
    this.#child = child;
    this.#over = once(child, 'close');
    await writeFile(this.#record, JSON.stringify(await identify(child.pid ?? 0)), { mode: 0o600 });
  }

  /** By then all that it said is known. */
  ended(): Promise<unknown> {
    return this.#over;
  }

  reason(): WaltError {
    if (this.#child?.exitCode === NOT_FOUND && /dnsmasq: No such file/.test(this.#said)) {
      return new NotInstalledError(
        'Cannot run dnsmasq: it is not installed (Debian package dnsmasq-base)',
      );
    }
    const last = this.#said.trim().split('\n').at(-1) ?? '';
    const words = last.replace(/^dnsmasq(\[\d+\])?: /, '');
    return new WaltError(`dnsmasq ended. It said: ${words || 'nothing'}`);
  }

  reload(): void {
    this.#child?.kill('SIGHUP');
  }

  /** What does not end by the signal within 3 s is killed. */
  async stop(signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (child !== undefined && !hasEnded(child)) {
      const ended = once(child, 'exit');
      child.kill(signal);
      const force = setTimeout(() => child.kill('SIGKILL'), GRACE.graceSeconds * 1000);
      await ended;
      clearTimeout(force);
    }
    await rm(this.#record, { force: true });
  }

  async #endLeftover(): Promise<void> {
    const identity = identityIn(await readFile(this.#record, 'utf8').catch(() => ''));
    await this.stop();
    if (identity !== undefined && (await isAlive(identity))) await endProcess(identity, GRACE);
  }
}

/** A process of names that this one runs. */
export function ownNameProcess({ served, folder }: NamePlace): NameProcess {
  return new Dnsmasq({ command: dnsmasqCommand(served), folder });
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

function identityIn(text: string): ProcessIdentity | undefined {
  try {
    return (JSON.parse(text) as ProcessIdentity | null) ?? undefined;
  } catch {
    // The server died while it wrote the record: the kernel ends that process.
    return undefined;
  }
}
