// Tells what is news from what goes on: a browser opens many connections to one port of a node.

/** It goes on for as long as the pauses are shorter. */
const PAUSE_MS = 600_000;
const MOST_KEPT = 1000;

/** What happened lately, by any text. */
export class Seldom {
  readonly #now: () => number;
  readonly #heard = new Map<string, number>();

  /** @param now milliseconds of a steady clock */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** Whether it did not happen for ten minutes. */
  isNews(what: string): boolean {
    const before = this.#heard.get(what) ?? Number.NEGATIVE_INFINITY;
    const now = this.#now();
    this.#heard.delete(what);
    this.#heard.set(what, now);
    const [oldest] = this.#heard.keys();
    if (this.#heard.size > MOST_KEPT && oldest !== undefined) this.#heard.delete(oldest);
    return now - before >= PAUSE_MS;
  }
}
