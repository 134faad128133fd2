// A thread that tries a regular expression on texts. Where that takes too long, or too much memory, the thread is ended, and the
// next question gets a new one.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { RequestError, WaltError } from '../../errors.ts';

/** Whether each of the texts matches, anywhere in it. */
export type Question = { readonly pattern: string; readonly texts: readonly string[] };
/** What a thread says. */
export type Answer = { readonly found: readonly boolean[] } | { readonly refused: string };

/** Beside the sources, or beside the server where it was bundled to one file (`scripts/bundle.ts`). */
const PROGRAMS = ['matcher-program.ts', 'walt-server-matcher.mjs'];
const MEMORY_MB = 64;
const LOOK_MS = 100;
/** Whatever the processor does meanwhile. */
const LONGEST_MS = 60_000;

/** Answers one question after the other. */
export class MatchingThread {
  readonly #deadlineMs: number;
  #worker: Promise<Worker> | undefined;

  /** @param deadlineMs for each question, time of the processor */
  constructor(deadlineMs: number) {
    this.#deadlineMs = deadlineMs;
  }

  /** @throws {RequestError} in words, where the expression is none or takes too much */
  async ask(question: Question): Promise<readonly boolean[]> {
    // That a thread starts is not held against the expression.
    this.#worker ??= started();
    const worker = await this.#worker.catch((reason: unknown) => {
      this.#worker = undefined;
      throw reason;
    });
    const answer = await this.#answerOf(worker, question);
    if (answer !== undefined && 'found' in answer) return answer.found;
    const { pattern } = question;
    throw refusalOf(pattern, answer?.refused ?? TOO_LONG);
  }

  /** Ends the thread, whatever it does. */
  async end(): Promise<void> {
    const ending = this.#worker;
    this.#worker = undefined;
    await (await ending)?.terminate();
  }

  async #answerOf(worker: Worker, question: Question): Promise<Answer | undefined> {
    const { promise, resolve } = Promise.withResolvers<Answer | undefined>();
    const nothing = () => resolve(undefined);
    worker.once('message', resolve).once('error', nothing).once('exit', nothing);
    const stopWatching = await watch(worker, { deadlineMs: this.#deadlineMs, onPassed: nothing });
    worker.ref();
    worker.postMessage(question);
    const answer = await promise;
    stopWatching();
    worker.unref();
    worker.off('message', resolve).off('error', nothing).off('exit', nothing);
    if (answer === undefined) {
      worker.on('error', () => undefined);
      await this.end();
    }
    return answer;
  }
}

const TOO_LONG =
  'it takes too long to tell whether lines match it. Leave out repetitions within repetitions, as in (a+)+';

/** Why an expression cannot be used. */
export function refusalOf(pattern: string, reason: string): RequestError {
  return new RequestError(400, `Cannot use '${pattern}': ${reason}`);
}

/**
 * Time of the processor counts: a machine that has much to do makes no expression a bad one.
 * @returns what ends the watching
 */
async function watch(
  worker: Worker,
  { deadlineMs, onPassed }: { readonly deadlineMs: number; readonly onPassed: () => void },
): Promise<() => void> {
  const before = await worker.cpuUsage().catch(() => undefined);
  const end = setTimeout(onPassed, LONGEST_MS);
  const look = setInterval(async () => {
    // The thread may end while it is asked.
    const used = await worker.cpuUsage(before).catch(() => undefined);
    if (used !== undefined && (used.user + used.system) / 1000 >= deadlineMs) onPassed();
  }, LOOK_MS);
  return () => {
    clearTimeout(end);
    clearInterval(look);
  };
}

async function started(): Promise<Worker> {
  const limits = { maxOldGenerationSizeMb: MEMORY_MB };
  const worker = new Worker(programFile(), { resourceLimits: limits });
  const { promise, resolve, reject } = Promise.withResolvers<Worker>();
  // Its first message says that its program is there.
  worker.once('message', () => resolve(worker)).once('error', reject);
  await promise;
  worker.off('error', reject);
  return worker;
}

function programFile(): string {
  const files = PROGRAMS.map((name) => join(import.meta.dirname, name));
  const found = files.find((file) => existsSync(file));
  if (found !== undefined) return found;
  throw new WaltError(`Cannot use regular expressions: there is none of ${files.join(', ')}`);
}
