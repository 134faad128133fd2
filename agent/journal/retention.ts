// How long log lines are kept.
import type { Clock } from '../host/clock/clock.ts';
import type { LogRecords } from '../store/records/logs.ts';
import { ISSUER } from './journal.ts';

const DAY_US = 86_400_000_000;
const DAY_MS = 86_400_000;
const MEGABYTE = 1_000_000;

type Options = {
  readonly records: Pick<LogRecords, 'deleteBefore' | 'deleteOver' | 'deleteOverOf'>;
  /** asked each time, since it may change */
  readonly keepDays: () => number;
  /** of other streams: days by pattern. The first pattern that fits a stream holds */
  readonly keepDaysOf?: Readonly<Record<string, number>>;
  readonly maxMegabytes: number;
  /** of streams: megabytes by pattern, of all streams that fit it together. The first pattern that fits a stream holds */
  readonly maxMegabytesOf?: Readonly<Record<string, number>>;
  readonly clock: Clock;
  /** milliseconds, of a clock that nobody sets */
  readonly now: () => number;
};

/** Deletes old lines, as long as the time of day can be believed. */
export class Retention {
  readonly #options: Options;
  #setAt = Number.NEGATIVE_INFINITY;

  constructor(options: Options) {
    this.#options = options;
  }

  /** Somebody set the clock, perhaps to a wrong time, which makes every line look old: nothing is deleted for a day. */
  clockSet(): void {
    this.#setAt = this.#options.now();
  }

  /** Deletes what is too old. @throws whatever a failed write throws */
  async prune(): Promise<void> {
    const { records, keepDays, keepDaysOf = {}, clock, now } = this.#options;
    if (now() - this.#setAt < DAY_MS) return;
    const time = clock();
    const rules = Object.entries(keepDaysOf);
    for (const [index, [of, days]] of rules.entries()) {
      const except = rules.slice(0, index).map(([pattern]) => pattern);
      await records.deleteBefore(startOfDaysAgo(days, time), time, { of, except });
    }
    const except = rules.map(([pattern]) => pattern);
    await records.deleteBefore(startOfDaysAgo(keepDays(), time), time, { except });
  }

  /** Deletes the oldest lines of streams that have too much. @throws whatever a failed write throws */
  async trimStreams(): Promise<void> {
    const { records, maxMegabytesOf = {} } = this.#options;
    const rules = Object.entries(maxMegabytesOf);
    for (const [index, [of, megabytes]] of rules.entries()) {
      const except = rules.slice(0, index).map(([pattern]) => pattern);
      await records.deleteOverOf({ most: megabytes * MEGABYTE, of, except });
    }
  }

  /** Deletes the oldest lines of devices where they take too much. @returns how many. @throws whatever a failed write throws */
  async trim(): Promise<number> {
    const { records, maxMegabytes } = this.#options;
    return await records.deleteOver(maxMegabytes * MEGABYTE, ISSUER);
  }
}

/**
 * The moment so many days before `now`: lines from before it are deleted.
 * @param now microseconds since 1970, as is the result
 */
export function startOfDaysAgo(days: number, now: number): number {
  return now - days * DAY_US;
}
