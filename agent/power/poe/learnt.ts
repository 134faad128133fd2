// What is learnt of boards of a model at a switch: the watts that one takes, and how soon after each other they may get their power.
// Where nothing is learnt yet the safe values hold: the watts of the class of the port, and a second.
import type { PowerRecords, StoredLearnt } from '../../store/records/power.ts';

/** A board and its switch, by MAC. */
export type Board = { readonly mac: string; readonly switch: string; readonly model: string };

type Options = {
  readonly records: Pick<PowerRecords, 'learnt' | 'saveLearnt'>;
  /** microseconds of a clock that nobody sets */
  readonly clock: () => number;
  /** milliseconds between two boards where nothing is learnt */
  readonly gap: number;
};

const SECOND = 1_000_000;
/** A board that got its power asks for an address or a file within so long, or not at all. */
const SOON = 60 * SECOND;
/** Boards that got their power within so long of each other say something of the gap. */
const TOGETHER = 10 * SECOND;
const SHORTEST_GAP = 250;
const LONGEST_GAP = 10_000;
/** The gap becomes shorter after so many boards that came up together. */
const GOOD_ROW = 8;
/** Watts are kept of so many times, and believed from so many on. */
const KEPT = 5;
const BELIEVED = 2;
/** A board takes more while it starts than what was seen. */
const MARGIN = 1.5;

type Started = Board & { readonly at: number; readonly wasTogether: boolean };

/** The values of all switches and models. */
export class LearntPower {
  readonly #options: Options;
  readonly #known = new Map<string, StoredLearnt>();
  readonly #started = new Map<string, Started>();
  readonly #lastAt = new Map<string, number>();
  readonly #rows = new Map<string, number>();
  /** MACs that did not start the last time: if one stays away again, it is for reasons of its own */
  readonly #absent = new Set<string>();

  constructor(options: Options) {
    this.#options = options;
  }

  /** Reads what earlier runs of the server have learnt. */
  async load(): Promise<void> {
    for (const one of await this.#options.records.learnt()) this.#known.set(keyOf(one), one);
  }

  /** A switch is not known any more. What is on disk of that is for who calls. */
  forget(mac: string): void {
    for (const [key, one] of this.#known) if (one.switch === mac) this.#known.delete(key);
    for (const [key, one] of this.#started) if (one.switch === mac) this.#started.delete(key);
    this.#lastAt.delete(mac);
  }

  /** All that is known of a switch, by model. */
  of(mac: string): StoredLearnt[] {
    const found = [...this.#known.values()].filter((one) => one.switch === mac);
    return found.toSorted((left, right) => (left.model < right.model ? -1 : 1));
  }

  /** Milliseconds until the next board. */
  gapOf(board: Pick<Board, 'switch' | 'model'>): number {
    return this.#known.get(keyOf(board))?.gap ?? this.#options.gap;
  }

  /** Watts that a board may take; undefined where they are not learnt yet. */
  wattsOf(board: Pick<Board, 'switch' | 'model'>): number | undefined {
    const watts = this.#known.get(keyOf(board))?.watts ?? [];
    return watts.length < BELIEVED ? undefined : Math.ceil(Math.max(...watts) * MARGIN * 10) / 10;
  }

  /** The watts of one board were seen. */
  async noteWatts(board: Pick<Board, 'switch' | 'model'>, watts: number): Promise<void> {
    await this.#change(board, (one) => ({ ...one, watts: [watts, ...one.watts].slice(0, KEPT) }));
  }

  /** A board got its power. */
  async started(board: Board): Promise<void> {
    await this.expire();
    const at = this.#options.clock();
    const before = this.#lastAt.get(board.switch);
    const wasTogether = before !== undefined && at - before < TOGETHER;
    this.#lastAt.set(board.switch, at);
    this.#started.set(board.mac, { ...board, at, wasTogether });
  }

  /** A device boots. */
  async heard(mac: string): Promise<void> {
    const board = this.#started.get(mac);
    this.#absent.delete(mac);
    if (board === undefined) return;
    this.#started.delete(mac);
    const key = keyOf(board);
    const row = board.wasTogether ? (this.#rows.get(key) ?? 0) + 1 : (this.#rows.get(key) ?? 0);
    const isGood = row >= GOOD_ROW;
    this.#rows.set(key, isGood ? 0 : row);
    await this.#change(board, (one) => ({
      ...one,
      boards: one.boards + 1,
      gap: isGood ? Math.max(SHORTEST_GAP, Math.round(one.gap * 0.8)) : one.gap,
    }));
  }

  /** Boards that were waited for long enough did not start: those that come after them have more time. */
  async expire(): Promise<void> {
    const now = this.#options.clock();
    const late = [...this.#started.values()].filter(({ at }) => now - at > SOON);
    for (const board of late) {
      this.#started.delete(board.mac);
      const isUsual = this.#absent.has(board.mac);
      this.#absent.add(board.mac);
      if (isUsual || !board.wasTogether) continue;
      this.#rows.delete(keyOf(board));
      await this.#change(board, (one) => ({
        ...one,
        boards: one.boards + 1,
        gap: Math.min(LONGEST_GAP, Math.max(one.gap, SHORTEST_GAP) * 2),
      }));
    }
  }

  async #change(
    board: Pick<Board, 'switch' | 'model'>,
    change: (one: StoredLearnt) => StoredLearnt,
  ): Promise<void> {
    const key = keyOf(board);
    const { switch: mac, model } = board;
    const fresh = { switch: mac, model, watts: [], gap: this.#options.gap, boards: 0 };
    const next = change(this.#known.get(key) ?? fresh);
    this.#known.set(key, next);
    await this.#options.records.saveLearnt(next);
  }
}

function keyOf({ switch: mac, model }: Pick<Board, 'switch' | 'model'>): string {
  return `${mac} ${model}`;
}
