// Finds machines that answer ARP for everybody: a switch or router with proxy ARP, or a broken host. A server that
// believes such a machine takes every address for one in use. A pure state machine: the prober tells it which machine
// claims which address, and it says which machines lie. Times are milliseconds.

/** A machine may have a few addresses of its own (aliases). One that claims so many, or more, is looked at. */
const FEWEST = 4;
/** It lies if it claims at least so many times as many addresses as there are that nobody answers for. */
const TIMES_THE_SILENT = 3;
/** Addresses are asked for many at a time. So long after the first claim it is known which of them nobody answers for. */
const SETTLED_MS = 500;
/** A machine that makes no new claim for so long has claimed all its addresses. */
const QUIET_MS = 2000;
/** Claims count for so long. */
const REMEMBERED_MS = 60_000;
/** A machine is believed again so long after it stopped to answer for everybody. */
const DISTRUST_MS = 3_600_000;
/** A machine that goes on is reported again after so long. */
const SAY_AGAIN_MS = 3_600_000;
/** The maps of claims are bounded, since anybody can make up MACs, and claim whatever there is. */
const MOST_MACS = 1024;
const MOST_CLAIMS = 1024;

/** A machine said that it has an address. MAC as `aa:bb:cc:dd:ee:ff`, dotted address. */
export type ArpClaim = {
  readonly ip: string;
  readonly mac: string;
  /** it answered a question, or announced the address; false for a machine that asked others, from its own address */
  readonly isAnswer: boolean;
};

/** A machine that answers for everybody. */
export type FalseAnswerer = {
  readonly mac: string;
  /** so many addresses it answered for within a minute */
  readonly count: number;
  /** addresses that it really has, as far as is known */
  readonly own: readonly string[];
};

/** What is known now that was not known before. */
export type Judgement = {
  /** machines to report: found now, or reported an hour ago and still the same */
  readonly liars: readonly FalseAnswerer[];
  /** claims of others that were kept back until it was clear that they are honest */
  readonly honest: readonly ArpClaim[];
};

type Heard = ArpClaim & {
  /** first and last time within the last minute */
  readonly since: number;
  readonly at: number;
  readonly isSaid: boolean;
};
type Liar = { readonly own: Set<string>; until: number; saidAt: number };

/** What machines claim by ARP, and which of them answer for everybody. */
export class FalseAnswers {
  /** claims of the last minute, by MAC and address, the latest last */
  readonly #claims = new Map<string, Map<string, Heard>>();
  readonly #liars = new Map<string, Liar>();

  /** Whether a machine answers for everybody. */
  isLiar(mac: string): boolean {
    return this.#liars.has(mac);
  }

  /** Whether there is a machine now that answers for everybody. */
  isAnyLiar(): boolean {
    return this.#liars.size > 0;
  }

  /** Whether a claim is true, as far as is known. Of a liar only those few are that it makes when it asks others. */
  believes({ ip, mac, isAnswer }: ArpClaim): boolean {
    const liar = this.#liars.get(mac);
    if (liar === undefined) return true;
    if (isAnswer) return false;
    if (liar.own.size < FEWEST - 1) liar.own.add(ip);
    return liar.own.has(ip);
  }

  /**
   * A machine claims an address that nobody gave it.
   * @returns whether to say so at once; what else it claims is kept back until `judge` knows whether it is honest
   */
  heard(claim: ArpClaim, now: number): boolean {
    const { ip, mac } = claim;
    const claims = this.#claims.get(mac) ?? new Map<string, Heard>();
    const before = claims.get(ip);
    const isSaid = claims.size === 0 || before?.isSaid === true;
    claims.delete(ip);
    const [oldest] = claims.keys();
    if (oldest !== undefined && claims.size >= MOST_CLAIMS) claims.delete(oldest);
    claims.set(ip, { ...claim, since: before?.since ?? now, at: now, isSaid });
    if (!this.#claims.has(mac) && this.#claims.size >= MOST_MACS) this.#claims.clear();
    this.#claims.set(mac, claims);
    return isSaid;
  }

  /**
   * Time has passed.
   * @param silent how many addresses nobody answers for
   */
  judge(now: number, silent: number): Judgement {
    const liars: FalseAnswerer[] = [];
    const honest: ArpClaim[] = [];
    for (const [mac, claims] of this.#claims) {
      this.#forgetOld(mac, claims, now);
      const liar = this.#liars.get(mac);
      const isFound = liar === undefined && isFalse([...claims.values()], { now, silent });
      if (isFound) liars.push(this.#expose(mac, claims, now));
      if (liar !== undefined) liars.push(...stillFalse({ mac, liar, count: claims.size, now }));
      if (liar === undefined && !isFound) honest.push(...keptBack(claims, now));
    }
    for (const [mac, { until }] of this.#liars) if (until <= now) this.#liars.delete(mac);
    return { liars, honest };
  }

  #expose(mac: string, claims: Map<string, Heard>, now: number): FalseAnswerer {
    const asked = [...claims.values()].filter(({ isAnswer }) => !isAnswer).map(({ ip }) => ip);
    const own = asked.slice(0, FEWEST - 1);
    this.#liars.set(mac, { own: new Set(own), until: now + DISTRUST_MS, saidAt: now });
    return { mac, count: claims.size, own };
  }

  #forgetOld(mac: string, claims: Map<string, Heard>, now: number): void {
    for (const [ip, { at }] of claims) {
      if (now - at < REMEMBERED_MS) break;
      claims.delete(ip);
    }
    if (claims.size === 0) this.#claims.delete(mac);
  }
}

/** A host of containers claims many addresses too, but it is silent about the others that are asked for. */
function isFalse(
  claims: readonly Heard[],
  { now, silent }: { readonly now: number; readonly silent: number },
): boolean {
  const first = claims[0]?.at ?? now;
  if (claims.length < FEWEST || now - first < SETTLED_MS) return false;
  return claims.length >= TIMES_THE_SILENT * silent;
}

function keptBack(claims: Map<string, Heard>, now: number): ArpClaim[] {
  const latest = Math.max(...[...claims.values()].map(({ since }) => since));
  if (now - latest < QUIET_MS) return [];
  const unsaid = [...claims.values()].filter(({ isSaid }) => !isSaid);
  for (const claim of unsaid) claims.set(claim.ip, { ...claim, isSaid: true });
  return unsaid;
}

function stillFalse(options: {
  readonly mac: string;
  readonly liar: Liar;
  readonly count: number;
  readonly now: number;
}): FalseAnswerer[] {
  const { mac, liar, count, now } = options;
  if (count < FEWEST) return [];
  liar.until = now + DISTRUST_MS;
  if (now - liar.saidAt < SAY_AGAIN_MS) return [];
  liar.saidAt = now;
  return [{ mac, count, own: [...liar.own] }];
}
