// How many ARP questions may leave: each is a broadcast, which every machine of walt-net has to look at.

/** In any second no more than these two together leave: 1,000. */
const PER_SECOND = 872;
const AT_ONCE = 128;

/** A bucket of questions. Times are milliseconds. */
export class QuestionPace {
  #left = AT_ONCE;
  #at = Number.NEGATIVE_INFINITY;

  /** How many may leave at this moment. */
  left(now: number): number {
    const passed = Math.max(0, now - this.#at);
    this.#left = Math.min(AT_ONCE, this.#left + (passed * PER_SECOND) / 1000);
    this.#at = now;
    return Math.floor(this.#left);
  }

  /** Whether one more may leave; it is counted then. */
  take(now: number): boolean {
    if (this.left(now) < 1) return false;
    this.#left -= 1;
    return true;
  }
}
