// The server as a process that can be ended and started again, and what it prints.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { access, open, readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { waitForText } from '../machines/wait-for-text.ts';

const READY_SECONDS = 60;
const LOOK_MS = 50;
/** A start is measured by it: more would be seen in a table. */
const START_MS = 10;

/** One server at a time; its log goes on over its starts. */
export class ServerProcess {
  readonly #argv: readonly string[];
  readonly #log: string;
  #child: ChildProcess | undefined;
  /** the process that took the place of the one started here */
  #successor: number | undefined;

  /** @param log path of the file that its output is added to */
  constructor(argv: readonly string[], log: string) {
    this.#argv = argv;
    this.#log = log;
  }

  /**
   * Waits until it is ready. @throws {Error} with what it said, when it is not within a minute
   * @param argv of another program than usual
   */
  async start(argv = this.#argv): Promise<void> {
    const after = (await this.log()).length;
    const [file = '', ...args] = argv;
    const output = await open(this.#log, 'a');
    this.#successor = undefined;
    this.#child = spawn(file, args, { stdio: ['ignore', output.fd, output.fd] });
    await once(this.#child, 'spawn').finally(() => output.close());
    const wish = { what: 'the server', seconds: READY_SECONDS, after, everyMs: START_MS };
    await waitForText(() => this.log(), /^ready$/m, wish);
  }

  /** SIGKILL is the crash, SIGTERM the orderly stop. Returns once it is gone; one that is gone already is no failure. */
  async end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    if (this.#successor !== undefined) await endProcess(this.#successor, signal);
    this.#successor = undefined;
    const child = this.#child;
    this.#child = undefined;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const closed = once(child, 'close');
    child.kill(signal);
    await closed;
  }

  /** A new process takes its place. Returns when that serves; the one before may still have files to send. */
  async handOver(): Promise<void> {
    const after = (await this.log()).length;
    process.kill(this.pid, 'SIGUSR2');
    const wish = { what: 'the next server', seconds: READY_SECONDS, after };
    await waitForText(() => this.log(), /^ready$/m, wish);
    const [, pid] = /hands over to process (\d+)/.exec((await this.log()).slice(after)) ?? [];
    this.#successor = Number(pid);
  }

  /** Number of its process. Throws where none runs. */
  get pid(): number {
    const pid = this.#successor ?? this.#child?.pid;
    if (pid === undefined) throw new Error('Cannot tell the process of a server that does not run');
    return pid;
  }

  /** All that it has printed up to now. */
  log(): Promise<string> {
    return readFile(this.#log, 'utf8').catch(() => '');
  }
}

/** Of a process that is no child of this one. */
async function endProcess(pid: number, signal: NodeJS.Signals): Promise<void> {
  process.kill(pid, signal);
  for (let tries = 0; tries < (READY_SECONDS * 1000) / LOOK_MS; tries += 1) {
    const isThere = await access(`/proc/${pid}`).then(
      () => true,
      () => false,
    );
    if (!isThere) return;
    await sleep(LOOK_MS);
  }
  throw new Error(`Process ${pid} does not end after ${signal}`);
}
