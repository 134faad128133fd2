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
  /** and when */
  readonly #proved = new Map<string, number>();
  /** proved ones that nobody has taken, the oldest first */
  readonly #stock = new Set<string>();

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
    this.#stock.delete(ip);
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
      this.#stock.add(ip);
    }
    return { ask, proved };
  }

  /**
   * Fills up the stock: renews proofs before they end, puts back what was taken and not kept, and asks for others.
   * @param free gives that many free addresses at most, without those that `skip` names
   */
  refill(
    now: number,
    free: (count: number, skip: (ip: string) => boolean) => readonly string[],
  ): ProbeStep {
    const isFresh = (ip: string) => now - (this.#proved.get(ip) ?? -RENEW_MS) < RENEW_MS;
    const old = [...this.#stock].filter((ip) => !isFresh(ip) && !this.#running.has(ip));
    const fresh = this.#stock.size - old.length;
    const room = Math.min(MOST_IN_FLIGHT, STOCK - fresh) - this.#running.size;
    if (room <= 0) return { ask: [], proved: [] };
    const renewed = old.slice(0, room);
    const skip = (ip: string) => this.#stock.has(ip) || this.#running.has(ip);
    const others = renewed.length < room ? free(room - renewed.length, skip) : [];
    for (const ip of others) if (isFresh(ip)) this.#stock.add(ip);
    const ask = [...renewed, ...others.filter((ip) => !isFresh(ip))];
    return { ask: ask.flatMap((ip) => this.begin(ip, now).ask), proved: [] };
  }

  /** So many addresses are proved, of which some proofs may be over. */
  get provedCount(): number {
    return this.#proved.size;
  }

  /** Whether nobody answered for `ip` a short while ago. */
  isProved(ip: string, now: number): boolean {
    return now - (this.#proved.get(ip) ?? -PROOF_MS) < PROOF_MS;
  }

  /** The next address of the stock, which then is in it no more; undefined where it is empty. */
  take(now: number): string | undefined {
    for (const ip of this.#stock) {
      this.#stock.delete(ip);
      if (this.isProved(ip, now)) return ip;
    }
    return undefined;
  }

  /** The address has an owner now: who answers for it is no stranger. */
  taken(ip: string): void {
    this.#proved.delete(ip);
    this.#stock.delete(ip);
    this.#running.delete(ip);
  }
}
