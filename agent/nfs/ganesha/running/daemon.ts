// A program that outlives us: started in a unit of systemd or in a session of its own, found again by its pid file after
// our restart.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { open, readlink, rm } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { WaltError } from '../../../errors.ts';
import { textOf } from '../../../host/files/text-of.ts';
import { hasSystemd, isUnitActive, startUnit } from '../../../host/processes/own-unit.ts';
import {
  type FoundProcess,
  findProcess,
  isRunning,
} from '../../../host/processes/process-start.ts';
import { lastWords } from '../last-words.ts';
import { withRemedy } from '../remedies.ts';

/** System programs lie in sbin, which a user's search path may lack. */
export const PROGRAM_FOLDERS = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin'];

/** Of 10 ms and more: on a small machine that starts, five programs one after the other take longer than one thinks. */
const BECOMES_TRIES = 6000;

/** What a daemon is: its command and the files that belong to it. */
export type DaemonOptions = {
  readonly argv: readonly [program: string, ...args: string[]];
  readonly pidFile: string;
  /** What the program prints is appended here. */
  readonly messagesFile: string;
  /** Where the program itself writes what it does, if it does. */
  readonly log?: string;
  /** of its unit, where systemd runs */
  readonly restrictions: readonly string[];
};

/** The program, whether or not it runs. */
export class Daemon {
  readonly #options: DaemonOptions;
  /** How long the texts were when it was last started: what comes after is its own. */
  #lengths: readonly number[] = [];
  /** Found to be ours: asked for each second, it is looked up by its start alone. */
  #found: FoundProcess | undefined;

  constructor(options: DaemonOptions) {
    this.#options = options;
  }

  /** The process, if it runs as we would start it now and on our network. */
  async pid(): Promise<number | undefined> {
    if (this.#found !== undefined && isRunning(this.#found)) return this.#found.pid;
    this.#found = undefined;
    const pid = await this.#recordedPid();
    if (pid === undefined) return undefined;
    const found = findProcess(pid);
    const isOurs =
      (await commandLine(pid)).join('\0') === this.#options.argv.join('\0') &&
      (await networkOf(pid)) === (await networkOf('self'));
    if (!isOurs) return undefined;
    this.#found = found;
    return pid;
  }

  /**
   * Starts it. `prefix` is a command that runs the command that follows it, in its own process.
   * @throws {WaltError} with the reason, if the process ends before it is the program
   */
  async start(prefix: readonly string[] = []): Promise<void> {
    const { argv, pidFile } = this.#options;
    // The process writes its own pid before it becomes the program: we might die before we could.
    const record = ['sh', '-c', 'echo $$ > "$0" && exec "$@"', pidFile];
    const [program = '', ...args] = [...record, ...prefix, ...argv];
    this.#lengths = (await this.#texts()).map(({ length }) => length);
    if (await hasSystemd()) await this.#startUnit([program, ...args]);
    else await this.#startDetached([program, ...args]);
  }

  /** @throws {WaltError} if it ends at once, or systemd refuses it */
  async #startUnit(command: readonly string[]): Promise<void> {
    const { argv, messagesFile, restrictions } = this.#options;
    const name = `walt-${argv[0].replace(/\W/g, '-')}`;
    const quiet = ['sh', '-c', 'exec "$@" >> "$0" 2>&1', messagesFile, ...command];
    const inEnvironment = ['env', '-i', `PATH=${PROGRAM_FOLDERS.join(':')}`, ...quiet];
    await startUnit({ name, description: `${argv[0]} of WalT`, restrictions }, inEnvironment);
    await this.#becomes(async () => !(await isUnitActive({ name })));
  }

  async #startDetached([program = '', ...args]: readonly string[]): Promise<void> {
    const messages = await open(this.#options.messagesFile, 'a');
    try {
      const child = spawn(program, args, {
        cwd: '/',
        detached: true,
        env: { PATH: PROGRAM_FOLDERS.join(':') },
        stdio: ['ignore', messages.fd, messages.fd],
      });
      await once(child, 'spawn');
      await this.#becomes(async () => child.exitCode !== null || child.signalCode !== null);
      child.unref();
    } finally {
      await messages.close();
    }
  }

  /** Waits until the process is the program, no longer one of those that lead to it. */
  async #becomes(hasEnded: () => Promise<boolean>): Promise<void> {
    let what = 'it is not there after a minute';
    for (let tries = 0; tries < BECOMES_TRIES; tries += 1) {
      if ((await this.pid()) !== undefined) return;
      // systemd is asked by a program, so not each time.
      if (tries % 25 === 24 && (await hasEnded())) {
        what = 'it ended at once';
        break;
      }
      await sleep(10);
    }
    const [program] = this.#options.argv;
    throw new WaltError(`Cannot start ${program}: ${what}. It said: ${await this.lastWords()}`);
  }

  /** Why it ended, or what it complains of, since it was last started; and what to do, where that is known. */
  async lastWords(): Promise<string> {
    const said = (await this.#texts()).map((text, index) => text.slice(this.#lengths[index] ?? 0));
    const words = said.map(lastWords).find((each) => each !== undefined);
    return words === undefined ? `nothing in ${this.#files().join(' or ')}` : withRemedy(words);
  }

  /** Its log first: what it prints is of the time before it has one. */
  #files(): string[] {
    const { log, messagesFile } = this.#options;
    return log === undefined ? [messagesFile] : [log, messagesFile];
  }

  #texts(): Promise<string[]> {
    return Promise.all(this.#files().map(textOf));
  }

  /** Sends the signal to it, if it runs. */
  async signal(name: NodeJS.Signals): Promise<void> {
    const pid = await this.pid();
    if (pid !== undefined) kill(pid, name);
  }

  /**
   * Ends it, also one of an earlier version or from a network that is gone.
   * @param signals in their order, each with 3 s to act; one that hangs is not asked before it is killed
   * @throws {WaltError} if not even the last of them ends it
   */
  async stop(signals: readonly NodeJS.Signals[] = ['SIGTERM', 'SIGKILL']): Promise<void> {
    const pid = await this.#recordedPid();
    if (pid !== undefined) await end(pid, { program: this.#options.argv[0], signals });
    await rm(this.#options.pidFile, { force: true });
  }

  /** The pid in the file, unless the process is gone or the pid has passed to another program. */
  async #recordedPid(): Promise<number | undefined> {
    const text = await textOf(this.#options.pidFile);
    const pid = Number(text.trim());
    if (!Number.isInteger(pid) || pid <= 1) return undefined;
    const [program] = await commandLine(pid);
    return program === this.#options.argv[0] ? pid : undefined;
  }
}

async function end(
  pid: number,
  { program, signals }: { readonly program: string; readonly signals: readonly NodeJS.Signals[] },
): Promise<void> {
  for (const signal of signals) {
    kill(pid, signal);
    for (let tries = 0; tries < 60; tries += 1) {
      if ((await commandLine(pid))[0] !== program) return;
      await sleep(50);
    }
  }
  throw new WaltError(`Cannot end ${program}: process ${pid} does not react to SIGKILL`);
}

function kill(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    // It ended by itself meanwhile.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** Empty for a process that is gone, also for one that nobody has waited for. */
async function commandLine(pid: number): Promise<string[]> {
  const text = await textOf(`/proc/${pid}/cmdline`);
  return text.split('\0').slice(0, -1);
}

function networkOf(pid: number | 'self'): Promise<string> {
  return readlink(`/proc/${pid}/ns/net`).catch(unlessGone);
}

function unlessGone(error: NodeJS.ErrnoException): string {
  if (error.code === 'ENOENT' || error.code === 'ESRCH') return '';
  throw error;
}
