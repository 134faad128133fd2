// Log lines of the past, and those to come, without a gap or a repeat between them.
import { RequestError } from '../errors.ts';
import { BoundedQueue } from '../host/queues/bounded-queue.ts';
import { type Holder, type Places, UNBOUNDED } from '../host/queues/places.ts';
import { sourceFilter } from '../store/log-source.ts';
import type { LogSelection, LogSource, StoredLog } from '../store/records/logs.ts';
import type { Store } from '../store/store.ts';
import type { Journal } from './journal.ts';
import { type Expressions, LogFilter, type MatcherOf } from './log-filter.ts';

/** Which lines of the past: those of a selection, or the last so many of them. */
export type Past = LogSelection &
  Expressions & {
    /** at most `PAGE` */
    readonly last?: number | undefined;
  };

/** So many lines are in memory at once, for each reader. */
export const PAGE = 1000;

type Options = {
  readonly store: Pick<Store, 'logs' | 'flush'>;
  readonly journal: Pick<Journal, 'follow'>;
  /** of followers; without it there may be any number */
  readonly places?: Pick<Places, 'take'>;
  /** without it lines are not selected by regular expressions */
  readonly matcherOf?: MatcherOf;
  /** of readers with regular expressions there are at most so many; without it any number */
  readonly mostSearches?: number;
  /** called where one too many wants to search */
  readonly onFullOfSearches?: () => void;
};

/** Reads the log for one caller after the other. */
export class LogReader {
  readonly #options: Options;
  #searches = 0;

  constructor(options: Options) {
    this.#options = options;
  }

  /**
   * Lines of the past, oldest first, a page at a time, until the signal aborts.
   * @throws {RequestError} at once, where a regular expression is none, or too many search already
   */
  history(past: Past, signal?: AbortSignal): AsyncGenerator<StoredLog[]> {
    const filter = this.#filterOf(past);
    if (filter === undefined) return this.#pages(past);
    return this.#counted(this.#matching(past, filter, signal));
  }

  async *#pages(past: Past): AsyncGenerator<StoredLog[]> {
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

  async *#matching(
    past: Past,
    filter: LogFilter,
    signal?: AbortSignal,
  ): AsyncGenerator<StoredLog[]> {
    const streams = await filter.streamsOf(() => this.sources());
    const wanted = { ...past, ...(streams === undefined ? {} : { streams: among(past, streams) }) };
    if (past.last !== undefined && filter.isOfLines) {
      yield await this.#lastMatching({ ...wanted, last: past.last }, filter, signal);
      return;
    }
    for await (const page of this.#pages(wanted)) {
      if (signal?.aborted) return;
      const kept = await filter.keepLines(page);
      if (kept.length > 0) yield kept;
    }
  }

  /** Looked for from the newest line backwards. */
  async #lastMatching(
    past: Past & { readonly last: number },
    filter: LogFilter,
    signal?: AbortSignal,
  ): Promise<StoredLog[]> {
    const { last, ...wanted } = past;
    const bounded = await this.#withIds(wanted);
    let found: StoredLog[] = [];
    let before = bounded?.before;
    while (bounded !== undefined && !signal?.aborted) {
      const query = { ...bounded, before, limit: PAGE, last: true };
      const page = await this.#options.store.logs.read(query);
      found = [...(await filter.keepLines(page)), ...found].slice(-last);
      if (found.length === last || page.length < PAGE) break;
      before = page[0]?.id;
    }
    return found;
  }

  #filterOf(past: Past): LogFilter | undefined {
    const { matcherOf, mostSearches = Number.POSITIVE_INFINITY, onFullOfSearches } = this.#options;
    if (past.lineMatches === undefined && past.streamMatches === undefined) return undefined;
    if (matcherOf === undefined) throw new RequestError(400, 'Cannot use regular expressions here');
    if (this.#searches < mostSearches) return new LogFilter(past, matcherOf);
    onFullOfSearches?.();
    const reason = `${mostSearches} commands search the log already. End one of them first`;
    throw new RequestError(503, `Cannot search the log: ${reason}.`);
  }

  async *#counted<Page>(pages: AsyncGenerator<Page>): AsyncGenerator<Page> {
    this.#searches += 1;
    try {
      yield* pages;
    } finally {
      this.#searches -= 1;
    }
  }

  /** Who has lines, and in which streams. */
  async sources(): Promise<LogSource[]> {
    return await this.#options.store.logs.sources();
  }

  #past(past: Past, signal: AbortSignal, filter?: LogFilter): AsyncGenerator<StoredLog[]> {
    return filter === undefined ? this.#pages(past) : this.#matching(past, filter, signal);
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
  follow(
    signal: AbortSignal,
    past: Past = {},
    holder: Holder = { user: '', from: '' },
  ): AsyncGenerator<StoredLog[]> {
    const { places = UNBOUNDED } = this.#options;
    const filter = this.#filterOf(past);
    const giveBack = places.take(holder, signal);
    const followed = this.#follow(signal, { past, filter, giveBack });
    return filter === undefined ? followed : this.#counted(followed);
  }

  async *#follow(
    signal: AbortSignal,
    { past, filter, giveBack }: { past: Past; filter: LogFilter | undefined; giveBack: () => void },
  ): AsyncGenerator<StoredLog[]> {
    const { stream, streams, exceptStreams, issuers } = past;
    const source = { stream, streams, exceptStreams, issuers };
    const isWanted = sourceFilter(source);
    const { store, journal } = this.#options;
    const queue = new BoundedQueue<StoredLog>(PAGE);
    let seen = store.logs.lastId();
    const stop = journal.follow((log) => {
      if (isWanted(log)) queue.push(log);
    });
    signal.addEventListener('abort', () => queue.wake(), { once: true });
    try {
      if (isPastWanted(past)) yield* this.#past(until(past, seen), signal, filter);
      // What came before the journal was followed is on disk alone.
      let isBehind = true;
      while (!signal.aborted) {
        const { items, dropped } = queue.take();
        const pages = isBehind || dropped > 0 ? this.#pages({ ...source, after: seen }) : [items];
        await store.flush();
        for await (const page of pages) {
          const fresh = page.filter(({ id }) => id > seen);
          seen = fresh.at(-1)?.id ?? seen;
          const kept = filter === undefined ? fresh : await filter.keep(fresh);
          if (kept.length > 0) yield kept;
        }
        isBehind = false;
        if (!signal.aborted) await queue.filled();
      }
    } finally {
      stop();
      giveBack();
    }
  }
}

function isPastWanted({ from, to, after, before, last }: Past): boolean {
  return [from, to, after, before, last].some((value) => value !== undefined);
}

function among({ streams }: Past, matching: readonly string[]): readonly string[] {
  const wanted = new Set(matching);
  return streams === undefined ? matching : streams.filter((name) => wanted.has(name));
}

function until(past: Past, last: number): Past {
  return { ...past, before: Math.min(past.before ?? Number.POSITIVE_INFINITY, last + 1) };
}
