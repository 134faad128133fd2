// Log lines of the past, and those to come, without a gap or a repeat between them.
import type { Kysely } from 'kysely';
import { BoundedQueue } from '../host/bounded-queue.ts';
import {
  type LogSelection,
  readLastLogId,
  readLogs,
  type StoredLog,
} from '../store/sqlite/logs.ts';
import type { Tables } from '../store/sqlite/schema.ts';
import type { WriteQueue } from '../store/sqlite/write-queue.ts';
import type { Journal } from './journal.ts';

/** Which lines of the past: those of a selection, or the last so many of them. */
export type Past = LogSelection & {
  /** at most `PAGE` */
  readonly last?: number | undefined;
};

/** So many lines are in memory at once, for each reader. */
export const PAGE = 1000;

/** Reads the log for any number of readers at once. */
export class LogReader {
  readonly #database: Kysely<Tables>;
  readonly #writes: WriteQueue;
  readonly #journal: Pick<Journal, 'follow'>;

  constructor(database: Kysely<Tables>, writes: WriteQueue, journal: Pick<Journal, 'follow'>) {
    this.#database = database;
    this.#writes = writes;
    this.#journal = journal;
  }

  /** Lines of the past, oldest first, a page at a time. */
  async *history({ last, ...wanted }: Past): AsyncGenerator<StoredLog[]> {
    await this.#writes.flush();
    let { after = 0 } = wanted;
    for (;;) {
      const limit = Math.min(last ?? PAGE, PAGE);
      const isEnd = last !== undefined;
      const page = await readLogs(this.#database, { ...wanted, after, limit, last: isEnd });
      if (page.length > 0) yield page;
      if (isEnd || page.length < PAGE) return;
      after = page.at(-1)?.id ?? after;
    }
  }

  /**
   * Lines of the past, if `past` says more than a stream, then each new line until the signal aborts. A reader who is
   * slow has the lines read from disk, so that few of them wait in memory. A line is on disk before it is given: its id
   * means the same line after a crash.
   */
  async *follow(signal: AbortSignal, past: Past = {}): AsyncGenerator<StoredLog[]> {
    const { stream = '' } = past;
    const queue = new BoundedQueue<StoredLog>(PAGE);
    let seen = await this.#lastId();
    const stop = this.#journal.follow((log) => {
      if (log.stream.startsWith(stream)) queue.push(log);
    });
    signal.addEventListener('abort', () => queue.wake(), { once: true });
    try {
      if (isPastWanted(past)) yield* this.history(until(past, seen));
      // What came before the journal was followed is on disk alone.
      let isBehind = true;
      while (!signal.aborted) {
        const { items, dropped } = queue.take();
        const pages = isBehind || dropped > 0 ? this.history({ stream, after: seen }) : [items];
        await this.#writes.flush();
        for await (const page of pages) {
          const fresh = page.filter(({ id }) => id > seen);
          seen = fresh.at(-1)?.id ?? seen;
          if (fresh.length > 0) yield fresh;
        }
        isBehind = false;
        if (!signal.aborted) await queue.filled();
      }
    } finally {
      stop();
    }
  }

  async #lastId(): Promise<number> {
    await this.#writes.flush();
    return await readLastLogId(this.#database);
  }
}

function isPastWanted({ stream: _stream, ...span }: Past): boolean {
  return Object.values(span).some((value) => value !== undefined);
}

function until(past: Past, last: number): Past {
  return { ...past, before: Math.min(past.before ?? Number.POSITIVE_INFINITY, last + 1) };
}
