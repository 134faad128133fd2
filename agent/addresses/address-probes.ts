// Keeps book of ARP probes: which addresses are asked for, and for which nobody answered (RFC 2131 §2.2, RFC 5227).
// A pure state machine: each step returns what the caller is to ask the network. Times are milliseconds.

/** An address is free if nobody answers for so long. A machine on the same wire answers within a few milliseconds. */
const SILENCE_MS = 400;
/** The question is sent a second time after so long, since the first may be lost. */
const AGAIN_MS = 150;
/** A proof holds for so long ... */
const PROOF_MS = 10 * 60_000;
/** ... and is renewed before. */
const RENEW_MS = 5 * 60_000;
/** The stock holds so many addresses, so that a rack of new machines gets its offers at once. */
const STOCK = 1024;
/** Questions for the stock that wait for an answer at one time. */
const MOST_IN_FLIGHT = 128;

type Probe = { readonly since: number; readonly isAgain: boolean };

/** What one step asks for and what it found. Addresses are dotted. */
export type ProbeStep = {
  /** addresses to ask for */
  readonly ask: readonly string[];
  /** addresses that nobody has answered for */
  readonly proved: readonly string[];
};

/** The probes of one network. */
export class AddressProbes {
  readonly #running = new Map<string, Probe>();
  /** by address, when nobody had answered for it */
  readonly #proved = new Map<string, number>();
  /** proved ones that nobody has taken, the oldest first */
  readonly #stock = new Set<string>();

  /** Starts a probe of an address, unless one runs already. */
  begin(ip: string, now: number): ProbeStep {
    if (this.#running.has(ip)) return { ask: [], proved: [] };
    this.#running.set(ip, { since: now, isAgain: false });
    return { ask: [ip], proved: [] };
  }

  /**
   * A machine uses `ip`: ends the probe, and the proof.
   * @returns whether there was one of them
   */
  heard(ip: string): boolean {
    const wasRunning = this.#running.delete(ip);
    this.#stock.delete(ip);
    return this.#proved.delete(ip) || wasRunning;
  }

  /** Time has passed: asks a second time, and takes addresses for free that nobody answered for. */
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
   * Fills up the stock: starts probes of addresses whose proof ends soon, takes back addresses that were offered but
   * not used, and starts probes of others.
   * @param free gives at most so many free addresses, none of which `skip` names
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

  /** Takes the next address out of the stock; undefined where the stock is empty. */
  take(now: number): string | undefined {
    for (const ip of this.#stock) {
      this.#stock.delete(ip);
      if (this.isProved(ip, now)) return ip;
    }
    return undefined;
  }

  /** A device owns `ip` from now on: forgets probe and proof, since its owner will answer for it. */
  taken(ip: string): void {
    this.#proved.delete(ip);
    this.#stock.delete(ip);
    this.#running.delete(ip);
  }
}
