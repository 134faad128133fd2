// Wrong passwords, and sign-ins that failed: who guesses has to wait. Counted are an account and an address together, and an
// address alone. So nobody who guesses from elsewhere locks a user out, and nobody tries all accounts from one place.
// Addresses of IPv6 count by their network.
import { askerNetwork } from '../host/text/asker-network.ts';

/** Wrong passwords that may come at once, and after how long one of them is forgiven. */
export type Share = { readonly most: number; readonly forgivenMs: number };

/** Of an account from one address, and of an address. */
export type Shares = { readonly account: Share; readonly address: Share };

const OF_PASSWORDS: Shares = {
  account: { most: 5, forgivenMs: 60_000 },
  address: { most: 30, forgivenMs: 10_000 },
};
/** Addresses and accounts that are counted; the ones that were wrong longest ago are forgotten first. */
const MOST_COUNTED = 10_000;

type Count = { readonly wrong: number; readonly at: number };

/** Counts wrong passwords. */
export class Guesses {
  readonly #now: () => number;
  readonly #shares: Shares;
  readonly #counts = new Map<string, Count>();

  /** @param now milliseconds of a steady clock */
  constructor(now: () => number, shares: Shares = OF_PASSWORDS) {
    this.#now = now;
    this.#shares = shares;
  }

  /** How many are counted. */
  get size(): number {
    return this.#counts.size;
  }

  /** Milliseconds until the next password is looked at; 0 where one may come now. */
  waitOf(user: string, address: string): number {
    const waits = this.#sharesOf(user, address).map(([key, share]) => {
      const { wrong } = this.#count(key, share);
      return Math.max(0, Math.round((wrong - share.most + 1) * share.forgivenMs));
    });
    return Math.max(...waits);
  }

  /** A password is about to be looked at: it counts as wrong until `right` says otherwise, so that many at once are counted too. */
  begin(user: string, address: string): void {
    for (const [key, share] of this.#sharesOf(user, address)) {
      const { wrong, at } = this.#count(key, share);
      this.#counts.delete(key);
      const [oldest] = this.#counts.keys();
      if (oldest !== undefined && this.#counts.size >= MOST_COUNTED) this.#counts.delete(oldest);
      this.#counts.set(key, { wrong: wrong + 1, at });
    }
  }

  /** It was right. What was wrong before stays counted: one good account is no leave to guess at others. */
  right(user: string, address: string): void {
    for (const [key, share] of this.#sharesOf(user, address)) {
      const { wrong, at } = this.#count(key, share);
      if (wrong <= 1) this.#counts.delete(key);
      else this.#counts.set(key, { wrong: wrong - 1, at });
    }
  }

  #sharesOf(user: string, address: string): (readonly [string, Share])[] {
    const from = askerNetwork(address);
    return [
      [JSON.stringify([from, user]), this.#shares.account],
      [JSON.stringify([from]), this.#shares.address],
    ];
  }

  #count(key: string, { forgivenMs }: Share): Count {
    const now = this.#now();
    const { wrong, at } = this.#counts.get(key) ?? { wrong: 0, at: now };
    return { wrong: Math.max(0, wrong - (now - at) / forgivenMs), at: now };
  }
}
