// Log lines of the past, and those to come, without a gap or a repeat between them.
import { RequestError } from '../errors.ts';
import { BoundedQueue } from '../host/bounded-queue.ts';
import { sourceFilter } from '../store/log-source.ts';
import type { LogSelection, LogSource, Store, StoredLog } from '../store/store.ts';
import type { Journal } from './journal.ts';

/** Which lines of the past: those of a selection, or the last so many of them. */
export type Past = LogSelection & {
  /** at most `PAGE` */
  readonly last?: number | undefined;
};

/** So many lines are in memory at once, for each reader. */
export const PAGE = 1000;

type Options = {
  readonly store: Pick<Store, 'logs' | 'flush'>;
  readonly journal: Pick<Journal, 'follow'>;
  /** without it there may be any number */
  readonly mostFollowers?: number;
  /** called where one too many wants to follow */
  readonly onFull?: () => void;
};

/** Reads the log for one caller after the other. */
export class LogReader {
  readonly #options: Options;
  #followers = 0;

  constructor(options: Options) {
    this.#options = options;
  }

  /** Lines of the past, oldest first, a page at a time. */
  async *history(past: Past): AsyncGenerator<StoredLog[]> {
    const bounded = await this.#withIds(past);
    if (bounded === undefined) return;
    const { last, ...wanted } = bounded;
    let { after = 0 } = wanted;
    for (;;) {
      const limit = Math.min(last ?? PAGE, PAGE);
      const isEnd = last !== undefined;
      const page = await this.#options.store.logs.read({ ...wanted, after, limit, last: isEnd });
      if (page.length > 0) yield page;
      if (isEnd || page.length < PAGE) return;
      after = page.at(-1)?.id ?? after;
    }
  }

  /** Who has lines, and in which streams. */
  async sources(): Promise<LogSource[]> {
    return await this.#options.store.logs.sources();
  }

  /** Where a time is asked for, only the lines that it is about are read. */
  async #withIds(past: Past): Promise<Past | undefined> {
    const { from, to } = past;
    if (from === undefined && to === undefined) return past;
    const ids = await this.#options.store.logs.idsOf({ from, to });
    if (ids === undefined) return undefined;
    const after = Math.max(past.after ?? 0, ids.after);
    const before = Math.min(past.before ?? Number.MAX_SAFE_INTEGER, ids.before);
    return { ...past, after, before };
  }

  /**
   * Lines of the past, if `past` says more than a stream, then each new line until the signal aborts. A reader who is
   * slow has the lines read from disk, so that few of them wait in memory. A line is on disk before it is given: its id
   * means the same line after a crash.
   * @throws {RequestError} at once, where too many follow already
   */
  follow(signal: AbortSignal, past: Past = {}): AsyncGenerator<StoredLog[]> {
    const { mostFollowers = Number.POSITIVE_INFINITY, onFull } = this.#options;
    if (this.#followers < mostFollowers) return this.#follow(signal, past);
    onFull?.();
    const reason = `${mostFollowers} commands follow the log already. End one of them first`;
    throw new RequestError(503, `Cannot follow the log: ${reason}.`);
  }

  async *#follow(signal: AbortSignal, past: Past): AsyncGenerator<StoredLog[]> {
    const { stream, streams, issuers } = past;
    const source = { stream, streams, issuers };
    const isWanted = sourceFilter(source);
    const { store, journal } = this.#options;
    const queue = new BoundedQueue<StoredLog>(PAGE);
    let seen = store.logs.lastId();
    const stop = journal.follow((log) => {
      if (isWanted(log)) queue.push(log);
    });
    signal.addEventListener('abort', () => queue.wake(), { once: true });
    this.#followers += 1;
    try {
      if (isPastWanted(past)) yield* this.history(until(past, seen));
      // What came before the journal was followed is on disk alone.
      let isBehind = true;
      while (!signal.aborted) {
        const { items, dropped } = queue.take();
        const pages = isBehind || dropped > 0 ? this.history({ ...source, after: seen }) : [items];
        await store.flush();
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
      this.#followers -= 1;
    }
  }
}

function isPastWanted({ stream: _, streams: __, issuers: ___, ...span }: Past): boolean {
  return Object.values(span).some((value) => value !== undefined);
}

function until(past: Past, last: number): Past {
  return { ...past, before: Math.min(past.before ?? Number.POSITIVE_INFINITY, last + 1) };
}
