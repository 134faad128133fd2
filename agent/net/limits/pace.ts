// How fast an address may send: a token bucket that may be overdrawn. Who took too much waits until it is paid, so that nothing
// needs to be lost where the sender can be made to wait.

type Account = { credit: number; at: number };

/** Accounts that are looked through for what may be forgotten. */
const SWEPT_AT = 1000;

/** One bucket for each address. What is counted is seconds of the pace that is allowed. */
export class Pace {
  readonly #burst: number;
  readonly #now: () => number;
  readonly #accounts = new Map<string, Account>();
  #sweepAt = SWEPT_AT;

  /**
   * @param burstSeconds how much may come at once
   * @param now milliseconds of a steady clock
   */
  constructor(burstSeconds: number, now: () => number) {
    this.#burst = burstSeconds;
    this.#now = now;
  }

  /**
   * Takes what came.
   * @param seconds how long it may take to come at the pace that is allowed
   * @returns milliseconds until the next may be read; 0 where it may be at once
   */
  take(address: string, seconds: number): number {
    const now = this.#now();
    const credit = this.#creditOf(address, now) - seconds;
    this.#accounts.set(address, { credit, at: now });
    if (this.#accounts.size >= this.#sweepAt) this.#sweep(now);
    return Math.max(0, Math.ceil(-credit * 1000));
  }

  /** As `take`, where the sender cannot be made to wait. @returns false, and nothing is taken, where it has to be dropped */
  allows(address: string, seconds: number): boolean {
    if (this.#creditOf(address, this.#now()) < seconds) return false;
    this.take(address, seconds);
    return true;
  }

  /** How many addresses are remembered. */
  get size(): number {
    return this.#accounts.size;
  }

  #creditOf(address: string, now: number): number {
    const account = this.#accounts.get(address);
    if (account === undefined) return this.#burst;
    return Math.min(this.#burst, account.credit + (now - account.at) / 1000);
  }

  /** A full account is as good as none. */
  #sweep(now: number): void {
    for (const address of this.#accounts.keys()) {
      if (this.#creditOf(address, now) >= this.#burst) this.#accounts.delete(address);
    }
    this.#sweepAt = Math.max(SWEPT_AT, 2 * this.#accounts.size);
  }
}
