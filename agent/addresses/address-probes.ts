// Keeps book of ARP probes: which addresses are asked for, and for which nobody answered (RFC 2131 §2.2, RFC 5227).
// A pure state machine: each step returns what the caller is to ask the network. Times are milliseconds.
import { QuestionPace } from './question-pace.ts';

/** An address is free if nobody answers for so long. A machine on the same wire answers within a few milliseconds. */
const SILENCE_MS = 400;
/** The question is sent a second time after so long, since the first may be lost. */
const AGAIN_MS = 150;
/** A proof holds for so long ... */
const PROOF_MS = 10 * 60_000;
/** ... and is renewed before: 16,384 addresses take 82 s of calm questions. */
const RENEW_MS = 7 * 60_000;
/** The stock holds so many addresses at most, as many as clients may be answered at one time (`dhcp-clients`). */
const STOCK = 16_384;
/** Below so many the stock is filled as fast as questions may leave; above, it is filled calmly. */
const LOW_STOCK = 1024;
/** `refill` is called so often, and above a low stock begins so many probes each time: 200 a second. */
export const REFILL_MS = 100;
const CALM_PROBES = 20;
/** Above a low stock none begin where so many addresses were taken since the last call: a rack powers up, and each question costs as much as a lease. */
const MANY_TAKEN = 20;
/** No rack takes longer than so many calls. Who asks on and on for what it has is not to keep others from addresses that are proved. */
const BUSY_CALLS = 300;
/** After so many calls of `refill` that found no free address there is none in a network of 16 bits: a network may be smaller than the stock ... */
const CALLS_IN_VAIN = 130;
/** ... and is looked through so much later again. */
const REST_MS = 1000;

/** When the questions left; a second one that has not left yet is missing. */
type Probe = { readonly since: number; readonly again?: number };

/** What one step asks for and what it found. Addresses are dotted. */
export type ProbeStep = {
  /** addresses to ask for */
  readonly ask: readonly string[];
  /** addresses that nobody has answered for */
  readonly proved: readonly string[];
};

const NOTHING: ProbeStep = { ask: [], proved: [] };

/** The probes of one network. */
export class AddressProbes {
  readonly #pace = new QuestionPace();
  /** what clients wait for and could not be asked for yet, since too many questions have left */
  readonly #queued = new Set<string>();
  readonly #running = new Map<string, Probe>();
  /** by address, when nobody had answered for it */
  readonly #proved = new Map<string, number>();
  /** proved ones that nobody has taken, the oldest first */
  readonly #stock = new Set<string>();
  /** what stands before it has been taken: to look for the first of a set costs as much as there were others before it */
  #next = this.#stock.values();
  /** addresses that devices have taken since `refill` was called, their own again, too */
  #taken = 0;
  /** calls of `refill`, one after the other, before each of which many were taken */
  #busy = 0;
  /** calls of `refill` that found no free address, one after the other; and until when none is looked for */
  #inVain = 0;
  #restsUntil = Number.NEGATIVE_INFINITY;

  /** Starts a probe of an address that somebody waits for, unless one runs already. */
  begin(ip: string, now: number): ProbeStep {
    if (this.#isAsked(ip)) return NOTHING;
    if (this.#queued.size === 0 && this.#start(ip, now)) return { ask: [ip], proved: [] };
    this.#queued.add(ip);
    return NOTHING;
  }

  /**
   * A machine uses `ip`: ends the probe, and the proof.
   * @returns whether there was one of them
   */
  heard(ip: string): boolean {
    const wasAsked = this.#running.delete(ip) || this.#queued.delete(ip);
    this.#stock.delete(ip);
    return this.#proved.delete(ip) || wasAsked;
  }

  /**
   * Takes addresses for free that nobody answered for, asks a second time, and asks for what had to wait.
   * @param now all that came before this moment has been heard
   */
  tick(now: number): ProbeStep {
    const proved = [...this.#running].filter(([, probe]) => isSilent(probe, now)).map(([ip]) => ip);
    for (const ip of proved) this.#prove(ip, now);
    const ask = [...this.#askAgain(now), ...this.#askQueued(now)];
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
    this.#busy = this.#taken < MANY_TAKEN ? 0 : this.#busy + 1;
    this.#taken = 0;
    const isOfRack = this.#busy > 0 && this.#busy <= BUSY_CALLS;
    const isBusy = isOfRack && this.#stock.size >= LOW_STOCK;
    const room = isBusy ? 0 : this.#room(now);
    if (room <= 0) return NOTHING;
    const renewed = this.#oldest(room, now);
    const lacking = STOCK - this.#stock.size - this.#running.size;
    const wanted = Math.min(room - renewed.length, lacking);
    const skip = (ip: string) => this.#stock.has(ip) || this.#isAsked(ip);
    const isLookedFor = wanted > 0 && now >= this.#restsUntil;
    const others = isLookedFor ? free(wanted, skip) : [];
    if (isLookedFor) this.#noteFound(others.length, now);
    for (const ip of others) if (this.#isFresh(ip, now)) this.#stock.add(ip);
    const unknown = others.filter((ip) => !this.#isFresh(ip, now));
    const ask = [...renewed, ...unknown].filter((ip) => this.#start(ip, now));
    return { ask, proved: [] };
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
    while (this.#stock.size > 0) {
      const { value: ip, done } = this.#next.next();
      if (done) this.#next = this.#stock.values();
      else if (this.#stock.delete(ip) && this.isProved(ip, now)) return ip;
    }
    return undefined;
  }

  /** A device owns `ip` from now on: forgets probe and proof, since its owner will answer for it. */
  taken(ip: string): void {
    this.#taken += 1;
    this.heard(ip);
  }

  #isAsked(ip: string): boolean {
    return this.#running.has(ip) || this.#queued.has(ip);
  }

  #isFresh(ip: string, now: number): boolean {
    return now - (this.#proved.get(ip) ?? -RENEW_MS) < RENEW_MS;
  }

  #start(ip: string, now: number): boolean {
    if (!this.#pace.take(now)) return false;
    this.#running.set(ip, { since: now });
    return true;
  }

  /** The newest proofs stand last in the stock. */
  #prove(ip: string, now: number): void {
    this.#running.delete(ip);
    this.#proved.set(ip, now);
    this.#stock.delete(ip);
    this.#stock.add(ip);
  }

  #askAgain(now: number): string[] {
    const due = [...this.#running].filter(([, { since, again }]) => {
      return again === undefined && now - since >= AGAIN_MS;
    });
    const asked = due.filter(() => this.#pace.take(now));
    for (const [ip, { since }] of asked) this.#running.set(ip, { since, again: now });
    return asked.map(([ip]) => ip);
  }

  #askQueued(now: number): string[] {
    const asked: string[] = [];
    for (const ip of this.#queued) {
      if (!this.#start(ip, now)) break;
      this.#queued.delete(ip);
      asked.push(ip);
    }
    return asked;
  }

  /** So many probes may begin for the stock: none while clients wait. */
  #room(now: number): number {
    if (this.#queued.size > 0) return 0;
    const left = this.#pace.left(now);
    return this.#stock.size < LOW_STOCK ? left : Math.min(CALM_PROBES, left);
  }

  #noteFound(count: number, now: number): void {
    this.#inVain = count === 0 ? this.#inVain + 1 : 0;
    const pause = this.#inVain >= CALLS_IN_VAIN ? REST_MS : 0;
    this.#restsUntil = now + pause;
  }

  #oldest(count: number, now: number): string[] {
    const oldest: string[] = [];
    for (const ip of this.#stock) {
      if (oldest.length >= count || this.#isFresh(ip, now)) break;
      if (!this.#isAsked(ip)) oldest.push(ip);
    }
    return oldest;
  }
}

/** Both questions have left, and were given their time. */
function isSilent({ since, again = Number.POSITIVE_INFINITY }: Probe, now: number): boolean {
  return now - since >= SILENCE_MS && now - again >= SILENCE_MS - AGAIN_MS;
}
