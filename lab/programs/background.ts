/** A program that runs beside a test: what it said, and waiting for it to say something. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';

/** Starts with its making; who made it kills it. */
export class Background {
  readonly child: ChildProcess;
  readonly #name: string;
  #said = '';

  /** With `hasInput` its standard input is a pipe, `child.stdin`. */
  constructor(argv: readonly string[], { hasInput = false } = {}) {
    const [file = '', ...args] = argv;
    this.#name = argv.join(' ');
    this.child = spawn(file, args, { stdio: [hasInput ? 'pipe' : 'ignore', 'pipe', 'pipe'] });
    for (const output of [this.child.stdout, this.child.stderr]) {
      output?.on('data', (bytes: Buffer) => {
        this.#said += bytes.toString();
      });
    }
  }

  get said(): string {
    return this.#said;
  }

  /** Fails with all the program said where `pattern` does not match it within `seconds`. */
  async waitFor(pattern: RegExp, seconds = 30): Promise<void> {
    for (let round = 0; round < seconds * 50; round++) {
      if (pattern.test(this.#said)) return;
      await sleep(20);
    }
    throw new Error(`Awaited ${pattern} of ${this.#name}, which said:\n${this.#said}`);
  }

  /** Its exit code, when it ended by itself. */
  async ended(): Promise<number | null> {
    if (this.child.exitCode === null) await once(this.child, 'exit');
    return this.child.exitCode;
  }

  async kill(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const gone = once(this.child, 'exit');
    this.child.kill('SIGKILL');
    await gone;
  }
}
