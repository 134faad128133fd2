// Which free addresses are proved to be used by nobody (RFC 2131 §2.2, RFC 5227). A pure state machine: who asks
// the network, and when, is told by what it returns. Times are milliseconds.

/** Nobody has answered for so long: the address is free. A machine on the same wire answers within a few. */
const SILENCE_MS = 400;
/** The question is put again after so long, should the first one be lost. */
const AGAIN_MS = 150;
/** A proof that old is no longer worth anything. */
const PROOF_MS = 10 * 60_000;
/** ... and is renewed before. */
const RENEW_MS = 5 * 60_000;
/** So many addresses are kept proved, so that a rack of new machines is answered at once. */
const STOCK = 1024;
/** So many questions at once, of the stock's. */
const MOST_IN_FLIGHT = 128;

type Probe = { readonly since: number; readonly isAgain: boolean };

export type ProbeStep = {
  /** addresses to ask for */
  readonly ask: readonly string[];
  /** addresses that nobody has answered for */
  readonly proved: readonly string[];
};

export class AddressProbes {
  readonly #running = new Map<string, Probe>();
  readonly #proved = new Map<string, number>();

  /** Starts to ask for an address, unless it is asked for already. */
  begin(ip: string, now: number): ProbeStep {
    if (this.#running.has(ip)) return { ask: [], proved: [] };
    this.#running.set(ip, { since: now, isAgain: false });
    return { ask: [ip], proved: [] };
  }

  /**
   * A machine was heard that uses `ip`.
   * @returns whether that matters: the address was asked for, or had been proved
   */
  heard(ip: string): boolean {
    const wasRunning = this.#running.delete(ip);
    return this.#proved.delete(ip) || wasRunning;
  }

  /** Time has passed. */
  tick(now: number): ProbeStep {
    const ask: string[] = [];
    const proved: string[] = [];
    for (const [ip, { since, isAgain }] of this.#running) {
      if (now - since >= SILENCE_MS) proved.push(ip);
      else if (!isAgain && now - since >= AGAIN_MS) ask.push(ip);
    }
    for (const ip of ask) {
      this.#running.set(ip, { since: this.#running.get(ip)?.since ?? now, isAgain: true });
    }
    for (const ip of proved) {
      this.#running.delete(ip);
      this.#proved.set(ip, now);
    }
    return { ask, proved };
  }

  /**
   * Fills up the stock.
   * @param free gives that many free addresses, in their order, without those that `skip` names
   */
  refill(
    now: number,
    free: (count: number, skip: (ip: string) => boolean) => readonly string[],
  ): ProbeStep {
    const room = Math.min(MOST_IN_FLIGHT - this.#running.size, STOCK - this.#running.size);
    if (room <= 0) return { ask: [], proved: [] };
    const isFresh = (ip: string) => now - (this.#proved.get(ip) ?? -RENEW_MS) < RENEW_MS;
    let seen = 0;
    const skip = (ip: string) => {
      if (!isFresh(ip)) return this.#running.has(ip);
      seen += 1;
      return true;
    };
    const candidates = free(room, skip).slice(0, Math.max(0, STOCK - seen));
    return { ask: candidates.flatMap((ip) => this.begin(ip, now).ask), proved: [] };
  }

  isProved(ip: string, now: number): boolean {
    return now - (this.#proved.get(ip) ?? -PROOF_MS) < PROOF_MS;
  }

  /** Addresses that nobody uses, as far as is known. */
  *proved(now: number): Generator<string> {
    for (const ip of this.#proved.keys()) if (this.isProved(ip, now)) yield ip;
  }

  /** The address has an owner now: who answers for it is no stranger. */
  taken(ip: string): void {
    this.#proved.delete(ip);
    this.#running.delete(ip);
  }
}
