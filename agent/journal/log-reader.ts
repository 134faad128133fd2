// Log lines of the past, and those to come, without a gap or a repeat between them.
import type { Kysely } from 'kysely';
import { readLogs } from '../store/sqlite/logs.ts';
import type { Tables } from '../store/sqlite/schema.ts';
import type { WriteQueue } from '../store/sqlite/write-queue.ts';
import type { StoredLog } from '../store/store.ts';
import type { Journal } from './journal.ts';

/** Microseconds since 1970; both ends are included. */
export type LogSpan = { readonly from: number; readonly to: number };

const PAGE = 1000;

export class LogReader {
  readonly #database: Kysely<Tables>;
  readonly #writes: WriteQueue;
  readonly #journal: Journal;

  constructor(database: Kysely<Tables>, writes: WriteQueue, journal: Journal) {
    this.#database = database;
    this.#writes = writes;
    this.#journal = journal;
  }

  /** Lines of a span, oldest first, a page at a time. */
  async *history(span: LogSpan): AsyncGenerator<StoredLog[]> {
    await this.#writes.flush();
    let afterId = 0;
    for (;;) {
      const page = await readLogs(this.#database, { ...span, afterId, limit: PAGE });
      if (page.length > 0) yield page;
      if (page.length < PAGE) return;
      afterId = page.at(-1)?.id ?? afterId;
    }
  }

  /** Lines of `span`, if one is given, then each new line until the signal aborts. */
  async *follow(signal: AbortSignal, span?: LogSpan): AsyncGenerator<StoredLog[]> {
    let waiting: StoredLog[] = [];
    let wake = () => {};
    const stop = this.#journal.follow((log) => {
      waiting.push(log);
      wake();
    });
    signal.addEventListener('abort', () => wake(), { once: true });
    try {
      let lastId = 0;
      for await (const page of span === undefined ? [] : this.history(span)) {
        lastId = page.at(-1)?.id ?? lastId;
        yield page;
      }
      while (!signal.aborted) {
        const fresh = waiting.filter(({ id }) => id > lastId);
        waiting = [];
        if (fresh.length > 0) yield fresh;
        if (waiting.length > 0 || signal.aborted) continue;
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    } finally {
      stop();
    }
  }
}
