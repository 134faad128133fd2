// Regular expressions of people, tried by a few processes. One such as (a+)+$ can take years for one line: it harms who wrote it
// alone. Who has used the processes least is next, and nobody has two of them.
import { RequestError } from '../../errors.ts';
import { MatchingProcess, refusalOf } from './matching-process.ts';

/** Of each of the texts: does it match, anywhere in it? @throws {RequestError} in words, where it takes too long */
export type Matcher = (texts: readonly string[]) => Promise<readonly boolean[]>;

type Options = {
  readonly processes?: number;
  /** for 64 Ki characters, time of the processor */
  readonly deadlineMs?: number;
};

type Job = {
  readonly by: string;
  readonly pattern: string;
  readonly texts: readonly string[];
  readonly done: PromiseWithResolvers<readonly boolean[]>;
};

/** Characters. Alternatives that a program put together are some hundred. */
const LONGEST = 1000;
/** Characters of texts that one question has: some milliseconds for an expression without repetitions in repetitions. */
const PIECE = 65_536;

/** The processes, and who waits for them. */
export class Matchers {
  readonly #idle: MatchingProcess[];
  readonly #all: readonly MatchingProcess[];
  readonly #waiting: Job[] = [];
  readonly #busy = new Set<string>();
  /** milliseconds of processes by who asked, of those who ask at present */
  readonly #used = new Map<string, number>();
  #isOver = false;

  constructor({ processes = 2, deadlineMs = 1000 }: Options = {}) {
    this.#all = Array.from({ length: processes }, () => new MatchingProcess(deadlineMs));
    this.#idle = [...this.#all];
  }

  /**
   * @param by who wrote the expression
   * @throws {RequestError} in words, if it is none
   */
  matcher(pattern: string, by: string): Matcher {
    checkExpression(pattern);
    return async (texts) => {
      const found: boolean[] = [];
      for (const piece of piecesOf(texts)) {
        found.push(...(await this.#queue({ by, pattern, texts: piece })));
      }
      return found;
    };
  }

  /** Ends the processes; whoever waits is told. */
  async close(): Promise<void> {
    this.#isOver = true;
    for (const { done } of this.#waiting.splice(0)) done.reject(ending());
    await Promise.all(this.#all.map((helper) => helper.end()));
  }

  #queue(job: Omit<Job, 'done'>): Promise<readonly boolean[]> {
    if (this.#isOver) return Promise.reject(ending());
    const done = Promise.withResolvers<readonly boolean[]>();
    // Who comes anew begins where the others are, and not with all the time that they had before.
    const least = Math.min(...this.#used.values());
    if (!this.#used.has(job.by)) this.#used.set(job.by, Number.isFinite(least) ? least : 0);
    this.#waiting.push({ ...job, done });
    this.#start();
    return done.promise;
  }

  #start(): void {
    for (;;) {
      const job = this.#next();
      const helper = job === undefined ? undefined : this.#idle.pop();
      if (job === undefined || helper === undefined) return;
      this.#waiting.splice(this.#waiting.indexOf(job), 1);
      void this.#run(job, helper);
    }
  }

  #next(): Job | undefined {
    const free = this.#waiting.filter(({ by }) => !this.#busy.has(by));
    const usedBy = ({ by }: Job) => this.#used.get(by) ?? 0;
    return free.toSorted((left, right) => usedBy(left) - usedBy(right))[0];
  }

  async #run({ by, pattern, texts, done }: Job, helper: MatchingProcess): Promise<void> {
    this.#busy.add(by);
    const begun = performance.now();
    await helper.ask({ pattern, texts }).then(done.resolve, done.reject);
    this.#busy.delete(by);
    this.#used.set(by, (this.#used.get(by) ?? 0) + performance.now() - begun);
    this.#idle.push(helper);
    this.#start();
    if (this.#busy.size === 0) this.#used.clear();
  }
}

function ending(): RequestError {
  return new RequestError(503, 'Cannot search: the server is ending');
}

function checkExpression(pattern: string): void {
  if (pattern.length > LONGEST) {
    const beginning = `${pattern.slice(0, 20)}…`;
    throw refusalOf(beginning, `it has more than ${LONGEST} characters`);
  }
  try {
    new RegExp(pattern);
  } catch (reason) {
    throw refusalOf(pattern, reason instanceof Error ? reason.message : String(reason));
  }
}

function* piecesOf(texts: readonly string[]): Generator<readonly string[]> {
  let piece: string[] = [];
  let length = 0;
  for (const text of texts) {
    if (piece.length > 0 && length + text.length > PIECE) {
      yield piece;
      piece = [];
      length = 0;
    }
    piece.push(text);
    length += text.length;
  }
  if (piece.length > 0) yield piece;
}
