// Keeps the log readable: what would be said with every packet is said once in a while, with how often it was so.

/** Allows one thing in a given time, and counts what it did not allow. Times are milliseconds of one clock. */
export class RateLimit {
  readonly #everyMs: number;
  #last = Number.NEGATIVE_INFINITY;
  #suppressed = 0;

  constructor(everyMs: number) {
    this.#everyMs = everyMs;
  }

  /** @returns how many were suppressed since the last one that was allowed; undefined where this one is suppressed too */
  allows(nowMs: number): number | undefined {
    if (nowMs - this.#last < this.#everyMs) {
      this.#suppressed += 1;
      return undefined;
    }
    const suppressed = this.#suppressed;
    this.#last = nowMs;
    this.#suppressed = 0;
    return suppressed;
  }
}
