// Counts the files that were refused, and says which of them deserve a line in the log: whoever asks for
// `../../etc/shadow` a thousand times a second fills no disk.

/** Milliseconds between two lines about one address. */
const QUIET_MS = 60_000;
/** A flood from made-up addresses is not to fill the memory either. */
const MOST_ADDRESSES = 1000;

type Asker = { readonly loggedAt: number; readonly hidden: number };

/** The refusals since the server started, and by address when one was logged last. */
export class Refusals {
  readonly #now: () => number;
  readonly #askers = new Map<string, Asker>();
  #count = 0;

  /** @param now milliseconds of a steady clock */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** All that was refused, logged or not. */
  get count(): number {
    return this.#count;
  }

  /** Counts one; undefined where no line is due, else how many of this address went without one since the last. */
  take(address: string): { readonly hidden: number } | undefined {
    this.#count += 1;
    const now = this.#now();
    const before = this.#askers.get(address);
    if (before && now - before.loggedAt < QUIET_MS) {
      this.#askers.set(address, { ...before, hidden: before.hidden + 1 });
      return undefined;
    }
    this.#askers.delete(address);
    this.#forgetOldest();
    this.#askers.set(address, { loggedAt: now, hidden: 0 });
    return { hidden: before?.hidden ?? 0 };
  }

  /** A Map keeps its order: the first one was logged longest ago. */
  #forgetOldest(): void {
    const [oldest] = this.#askers.keys();
    if (oldest !== undefined && this.#askers.size >= MOST_ADDRESSES) this.#askers.delete(oldest);
  }
}
