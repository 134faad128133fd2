// A process that tries a regular expression on texts. Where that takes too long, or too much memory, the process is killed, and the
// next question gets a new one. No thread: V8 has aborted the whole process after the end of threads that were busy.

import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { RequestError, WaltError } from '../../errors.ts';
import { wordsToDieWithUs } from '../processes/less-rights.ts';

/** Whether each of the texts matches, anywhere in it. */
export type Question = { readonly pattern: string; readonly texts: readonly string[] };
/** What the process says. */
export type Answer = { readonly found: readonly boolean[] } | { readonly refused: string };

/** Beside the sources, or beside the server where it was bundled to one file (`scripts/bundle.ts`). */
const PROGRAMS = ['matcher-program.ts', 'walt-server-matcher.mjs'];
const FLAGS = ['--max-old-space-size=64', '--max-semi-space-size=2', '--optimize-for-size'];
const LOOK_MS = 100;
/** Whatever the processor does meanwhile. */
const LONGEST_MS = 60_000;
/** Milliseconds of one of the ticks of proc(5): `sysconf(_SC_CLK_TCK)` is 100 on all machines of Linux that Debian has. */
const TICK_MS = 10;

/** Answers one question after the other. */
export class MatchingProcess {
  readonly #deadlineMs: number;
  #child: Promise<ChildProcess> | undefined;

  /** @param deadlineMs for each question, time of the processor */
  constructor(deadlineMs: number) {
    this.#deadlineMs = deadlineMs;
  }

  /** @throws {RequestError} in words, where the expression is none or takes too much */
  async ask(question: Question): Promise<readonly boolean[]> {
    // That a process starts is not held against the expression.
    this.#child ??= started();
    const child = await this.#child.catch((reason: unknown) => {
      this.#child = undefined;
      throw reason;
    });
    const answer = await this.#answerOf(child, question);
    if (answer !== undefined && 'found' in answer) return answer.found;
    const { pattern } = question;
    throw refusalOf(pattern, answer?.refused ?? TOO_LONG);
  }

  /** Ends the process, whatever it does. */
  async end(): Promise<void> {
    const ending = this.#child;
    this.#child = undefined;
    const child = await ending?.catch(() => undefined);
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    child.ref();
    child.kill('SIGKILL');
    await gone;
  }

  async #answerOf(child: ChildProcess, question: Question): Promise<Answer | undefined> {
    const { promise, resolve } = Promise.withResolvers<Answer | undefined>();
    const nothing = () => resolve(undefined);
    child.once('message', resolve).once('exit', nothing);
    const stopWatching = await watch(child, { deadlineMs: this.#deadlineMs, onPassed: nothing });
    hold(child, true);
    child.send(question, (error) => {
      if (error !== null) nothing();
    });
    const answer = await promise;
    stopWatching();
    hold(child, false);
    child.off('message', resolve).off('exit', nothing);
    if (answer === undefined) await this.end();
    return answer;
  }
}

/** Whether this process stays for its sake: not where nobody waits for an answer. */
function hold(child: ChildProcess, isHeld: boolean): void {
  const verb = isHeld ? 'ref' : 'unref';
  child[verb]();
  child.channel?.[verb]();
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
  child: ChildProcess,
  { deadlineMs, onPassed }: { readonly deadlineMs: number; readonly onPassed: () => void },
): Promise<() => void> {
  const before = await usedBy(child);
  const end = setTimeout(onPassed, LONGEST_MS);
  const look = setInterval(async () => {
    if ((await usedBy(child)) - before >= deadlineMs) onPassed();
  }, LOOK_MS);
  return () => {
    clearTimeout(end);
    clearInterval(look);
  };
}

/** Milliseconds of the processor, of user and system (proc(5), fields 14 and 15); 0 where the process has just ended. */
async function usedBy({ pid }: ChildProcess): Promise<number> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  const [user = 0, system = 0] = text
    .slice(text.lastIndexOf(')') + 2)
    .split(' ')
    .slice(11)
    .map(Number);
  return (user + system) * TICK_MS;
}

async function started(): Promise<ChildProcess> {
  // A busy process does not see that the server has gone.
  const [execPath = '', ...execArgv] = [...wordsToDieWithUs(), process.execPath, ...FLAGS];
  const child = fork(programFile(), {
    ...{ execPath, execArgv },
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  const { promise, resolve, reject } = Promise.withResolvers<ChildProcess>();
  const lost = () => reject(new WaltError('Cannot use regular expressions: their process ends'));
  // Its first message says that its program is there.
  child.once('message', () => resolve(child)).once('exit', lost);
  child.on('error', reject);
  await promise;
  child.off('exit', lost);
  hold(child, false);
  return child;
}

function programFile(): string {
  const files = PROGRAMS.map((name) => join(import.meta.dirname, name));
  const found = files.find((file) => existsSync(file));
  if (found !== undefined) return found;
  throw new WaltError(`Cannot use regular expressions: there is none of ${files.join(', ')}`);
}
