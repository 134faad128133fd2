// Group commit: writes that arrive while one transaction runs share the next one, so that a rack that powers
// up at once costs a few disk flushes rather than one per device.
import { setImmediate as restOfTheTurn } from 'node:timers/promises';
import { writeOfRequest } from '../../../host/queues/written.ts';
import type { Write } from '../statements.ts';
import type { Writer } from './batch-writer.ts';

/** What is written, or what makes it when it is written. */
type WriteLater = Write | (() => Write);

type Waiting = {
  readonly write: WriteLater;
  /** told before `resolve` */
  readonly isWritten: () => void;
  readonly resolve: () => void;
  readonly reject: (reason: unknown) => void;
};

/** What nobody waits for is on disk so long after it happened, or with the first write that somebody waits for ... */
const LATER_MS = 100;
/** ... and so long while machines come by the hundred: a transaction keeps the disk from what they wait for. */
const BUSY_LATER_MS = 500;
/** A transaction of so many writes says that they do. */
const MANY = 100;

/** How long what nobody waits for waits, in milliseconds. */
type Pace = { readonly laterMs?: number; readonly busyLaterMs?: number };

/**
 * Of one transaction: what a thousand machines wait for is not to wait for what nine thousand others wait for. A flush of the disk
 * costs the same for few writes and for so many.
 */
const MOST_AT_ONCE = 1024;

/** Others are answered between so many: thousands that are made or told in one go keep machines waiting for milliseconds. */
const [MADE_A_TURN, TOLD_A_TURN] = [32, 128];

/** The only way to write to the database. */
export class WriteQueue {
  readonly #writer: Writer;
  #waiting: Waiting[] = [];
  #running: Promise<void> | undefined;
  #newest: Promise<void> = Promise.resolve();
  #timer: NodeJS.Timeout | undefined;
  /** how many of those that wait are to be written now; what may wait and came during a transaction is not */
  #due = 0;
  readonly #pace: Required<Pace>;
  /** when a transaction of many writes has ended, by a steady clock */
  #wasBusy = Number.NEGATIVE_INFINITY;

  constructor(writer: Writer, { laterMs = LATER_MS, busyLaterMs = BUSY_LATER_MS }: Pace = {}) {
    this.#writer = writer;
    this.#pace = { laterMs, busyLaterMs };
  }

  /** Writes that no transaction has begun with. */
  get waiting(): number {
    return this.#waiting.length;
  }

  /** Whether the disk is being written to now. */
  get isWriting(): boolean {
    return this.#running !== undefined;
  }

  /** Resolves once the write is on disk; rejects, with nothing of it written, if it failed. */
  commit(write: Write): Promise<void> {
    const written = this.#add(write);
    this.#begin();
    return written;
  }

  /** As `commit`, for what may wait for the next write: it costs no flush of its own. */
  commitLater(write: WriteLater): Promise<void> {
    const written = this.#add(write);
    this.#timer ??= setTimeout(() => this.#begin(), this.#laterMs);
    return written;
  }

  get #laterMs(): number {
    const { laterMs, busyLaterMs } = this.#pace;
    return performance.now() - this.#wasBusy < busyLaterMs ? busyLaterMs : laterMs;
  }

  /** Resolves when everything committed so far is on disk or has failed; what comes meanwhile is not waited for. */
  async flush(): Promise<void> {
    this.#begin();
    await this.#newest;
  }

  /** As `flush`, with what comes meanwhile, and lets go of the database. */
  async close(): Promise<void> {
    do {
      await this.flush();
      await this.#running;
    } while (this.#waiting.length > 0);
    await this.#writer.close();
  }

  #add(write: WriteLater): Promise<void> {
    const isWritten = writeOfRequest();
    const written = new Promise<void>((resolve, reject) => {
      this.#waiting.push({ write, isWritten, resolve, reject });
    });
    // Batches end in their order: when the newest write has ended, so have all before it.
    this.#newest = written.catch(nothing);
    return written;
  }

  #begin(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#due = this.#waiting.length;
    // The timer may find that all was written: a run over nothing would end before it is noted, and be noted for good.
    if (this.#due > 0) this.#running ??= this.#drain();
  }

  /** Promises are settled before other packets are read: only behind the turn of the event loop have they all come. */
  async #drain(): Promise<void> {
    while (this.#due > 0) {
      await restOfTheTurn();
      const batch = this.#waiting.splice(0, MOST_AT_ONCE);
      this.#due = Math.max(0, this.#due - batch.length);
      await this.#run(batch);
    }
    this.#running = undefined;
  }

  async #run(batch: readonly Waiting[]): Promise<void> {
    const { made, unmade } = await makeWrites(batch);
    try {
      const failures = await this.#writer.write(made.map(({ write }) => write));
      const refused = new Map(failures.map(({ at, reason }) => [at, reason]));
      for (const [at, { one }] of made.entries()) {
        if (at > 0 && at % TOLD_A_TURN === 0) await restOfTheTurn();
        if (refused.has(at)) {
          one.reject(refused.get(at));
          continue;
        }
        one.isWritten();
        one.resolve();
      }
    } catch (reason) {
      for (const { one } of made) one.reject(reason);
    }
    // Behind the others, as the newest of all may be among them.
    for (const { one, reason } of unmade) one.reject(reason);
    if (batch.length >= MANY) this.#wasBusy = performance.now();
  }
}

const nothing = () => undefined;

type Made = { readonly one: Waiting; readonly write: Write };
type Unmade = { readonly one: Waiting; readonly reason: unknown };

async function makeWrites(batch: readonly Waiting[]) {
  const made: Made[] = [];
  const unmade: Unmade[] = [];
  for (const [at, one] of batch.entries()) {
    if (at > 0 && at % MADE_A_TURN === 0) await restOfTheTurn();
    try {
      made.push({ one, write: typeof one.write === 'function' ? one.write() : one.write });
    } catch (reason) {
      unmade.push({ one, reason });
    }
  }
  return { made, unmade };
}
