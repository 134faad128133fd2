// The server's side of the program that unpacks one image.

import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ImageError, WaltError } from '../../../errors.ts';
import { wordsForNoRights } from '../../../host/processes/less-rights.ts';
import { UNPACKER_FLAGS } from './flags.ts';
import { lastWords } from './last-words.ts';
import type { Answer, Job, Request, Result } from './messages.ts';

/** Beside the sources, or beside the server where it was bundled to one file (`scripts/bundle.ts`). */
const PROGRAMS = ['program.ts', 'walt-server-unpacker.mjs'];
/** Layers are decompressed, read and written at once. */
const THREADS = '8';

/** Archives of people may be for their eyes alone; whatever else root may do, who reads what strangers made may not. */
const RIGHTS = ['dac_read_search'];

type Options = {
  /** Files of other owners, devices and the like are written with `all` only; `few` unless given. */
  readonly rights?: 'few' | 'all';
};

type Waiting = PromiseWithResolvers<Result[Job['kind']]>;

/** The work failed, and another try may do better. */
export class PassingError extends WaltError {}

/** Works on one image until `end`. */
export class Unpacker implements AsyncDisposable {
  readonly #program: ChildProcess;
  readonly #waiting = new Map<number, Waiting>();
  readonly #onArrived: (bytes: number) => void;
  #ids = 0;
  #complaint = '';
  #reason: string | undefined;

  /** @param onArrived takes how many bytes of layers have arrived so far, all together */
  constructor(onArrived: (bytes: number) => void, { rights = 'few' }: Options = {}) {
    this.#onArrived = onArrived;
    this.#program = fork(programFile(), {
      ...commandWith(rights),
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      env: { ...process.env, UV_THREADPOOL_SIZE: THREADS },
    });
    this.#program.stderr?.on('data', (bytes: Buffer) => {
      this.#complaint = (this.#complaint + bytes.toString()).slice(-2000);
    });
    this.#program.on('message', (answer: Answer) => this.#take(answer));
    this.#program.once('error', ({ message }) => this.#ended(message));
    this.#program.once('close', (code, signal) => {
      this.#ended(lastWords(code ?? signal ?? 'unknown', this.#complaint));
    });
  }

  /**
   * @throws {ImageError} if the image is to be refused
   * @throws {WaltError} if the work cannot be done
   */
  async do<Kind extends Job['kind']>(job: Extract<Job, { kind: Kind }>): Promise<Result[Kind]> {
    if (this.#reason !== undefined) throw gone(this.#reason);
    this.#ids += 1;
    const waiting: Waiting = Promise.withResolvers();
    this.#waiting.set(this.#ids, waiting);
    this.#program.send({ id: this.#ids, job } satisfies Request, (thrown) => {
      if (thrown !== null) this.#ended(thrown.message);
    });
    return (await waiting.promise) as Result[Kind];
  }

  /** Ends the program, whatever it does. */
  async end(): Promise<void> {
    const { exitCode, signalCode } = this.#program;
    if (exitCode !== null || signalCode !== null || this.#program.pid === undefined) return;
    this.#program.kill('SIGKILL');
    await once(this.#program, 'exit');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.end();
  }

  #take(answer: Answer): void {
    if (answer.kind === 'arrived') {
      this.#onArrived(answer.bytes);
      return;
    }
    const waiting = this.#waiting.get(answer.id);
    this.#waiting.delete(answer.id);
    if (answer.kind === 'done') waiting?.resolve(answer.result);
    else if (answer.isRefused) waiting?.reject(new ImageError(answer.message));
    else if (answer.isPassing) waiting?.reject(new PassingError(answer.message));
    else waiting?.reject(new WaltError(answer.message));
  }

  #ended(reason: string): void {
    this.#reason ??= reason;
    for (const { reject } of this.#waiting.values()) reject(gone(this.#reason));
    this.#waiting.clear();
  }
}

/** How Node.js is started: by a program that becomes it. */
function commandWith(rights: 'few' | 'all') {
  const flags = [...UNPACKER_FLAGS];
  if (rights === 'all') return { execArgv: flags };
  const [execPath = '', ...execArgv] = [...wordsForNoRights(RIGHTS), process.execPath, ...flags];
  return { execPath, execArgv };
}

function gone(reason: string): WaltError {
  return new WaltError(`Cannot unpack: the program that does so has failed: ${reason}`);
}

function programFile(): string {
  const files = PROGRAMS.map((name) => join(import.meta.dirname, name));
  const found = files.find((file) => existsSync(file));
  if (found !== undefined) return found;
  throw new WaltError(`Cannot unpack images: there is none of ${files.join(', ')}`);
}
