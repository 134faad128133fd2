// What is known of each board that healing follows: what was done for it, on disk, and since when it tries, in memory.
import type { NodeStatus } from '../boots/boot-book.ts';
import type { HealingRecords } from '../store/records/healing.ts';
import { type BootCounts, NO_COUNTS } from './counts.ts';
import { NEW_SERIES, type Series } from './ladder.ts';

/** One board. Times are microseconds since 1970. */
export type Case = {
  readonly series: Series;
  readonly counts: BootCounts;
  /** when it began to try to boot, or was helped last; undefined while nothing is expected of it */
  readonly tryingSince?: number;
  /** when it was heard last */
  readonly heardAt: number;
  /** when it was seen to have stopped, since it was helped last */
  readonly haltedAt?: number;
  /** it was one of many that stopped at once, which was said */
  readonly isOfMany?: boolean;
  /** it was up, went silent without a word, and was not heard since */
  readonly isSilent?: boolean;
  /** a file that it was refused: path and reason */
  readonly refused?: string;
};

const NEW_CASE: Case = { series: NEW_SERIES, counts: NO_COUNTS, heardAt: 0 };

const ON_ITS_WAY: readonly NodeStatus['state'][] = ['dhcp', 'files', 'mounted'];
/** A boot that stopped earlier than this before the server began is nobody's concern any more. */
const RECENT = 3_600_000_000;

/** The boards by their MACs. */
export class Cases {
  readonly #records: HealingRecords;
  readonly #onProblem: (reason: unknown) => void;
  readonly #cases = new Map<string, Case>();

  /** @param onProblem told of what could not be written: then it is known until the server ends */
  constructor(records: HealingRecords, onProblem: (reason: unknown) => void) {
    this.#records = records;
    this.#onProblem = onProblem;
  }

  /** Reads what earlier runs of the server did and counted. */
  async load(): Promise<void> {
    for (const { mac, series, counts } of await this.#records.all()) {
      const read = { series: JSON.parse(series), counts: JSON.parse(counts) };
      this.#cases.set(mac, { ...NEW_CASE, ...read });
    }
  }

  /** After a start of the server: boards that were on their way, or were being helped, have all their time again. */
  resume(statusOf: (mac: string) => NodeStatus, now: number): void {
    for (const [mac, board] of this.#cases) {
      const { state, since = 0 } = statusOf(mac);
      const isOnItsWay = ON_ITS_WAY.includes(state) && now - since < RECENT;
      const wasHelped = board.series.tries > 0 && state !== 'unconfirmed';
      if (isOnItsWay || wasHelped) this.#cases.set(mac, tryingFrom(now, board));
    }
  }

  /** What is known of a board; of one that is new, nothing. */
  of(mac: string): Case {
    return this.#cases.get(mac) ?? NEW_CASE;
  }

  /** Changes what is known of a board; resolves when what outlives the server is on disk, or could not be written. */
  async change(mac: string, change: (before: Case) => Case): Promise<void> {
    const before = this.of(mac);
    const after = change(before);
    this.#cases.set(mac, after);
    if (before.series === after.series && before.counts === after.counts) return;
    const texts = { series: JSON.stringify(after.series), counts: JSON.stringify(after.counts) };
    await this.#records.save({ mac, ...texts }).catch(this.#onProblem);
  }

  /** The clock was set: what was a moment ago still was. @param by microseconds, below 0 where it was set back */
  async shift(by: number): Promise<void> {
    for (const mac of [...this.#cases.keys()]) {
      await this.change(mac, (board) => shifted(board, by));
    }
  }

  /** The device is no longer known. */
  forget(mac: string): void {
    this.#cases.delete(mac);
  }

  /** MACs of those that try to boot. */
  trying(): string[] {
    return [...this.#cases]
      .filter(([, { tryingSince }]) => tryingSince !== undefined)
      .map(([mac]) => mac);
  }
}

/** The board as it is when nothing is expected of it any more. */
export function atRest({
  tryingSince: _since,
  haltedAt: _halted,
  refused: _refused,
  ...rest
}: Case): Case {
  return rest;
}

/** The board with all its time before it. */
export function tryingFrom(at: number, board: Case): Case {
  return { ...atRest(board), tryingSince: at };
}

function shifted(board: Case, by: number): Case {
  const { series, heardAt, tryingSince, haltedAt } = board;
  const cycles = series.cycles.map((at) => at + by);
  return {
    ...board,
    heardAt: heardAt + by,
    ...(tryingSince === undefined ? {} : { tryingSince: tryingSince + by }),
    ...(haltedAt === undefined ? {} : { haltedAt: haltedAt + by }),
    series: cycles.length === 0 ? series : { ...series, cycles },
  };
}
