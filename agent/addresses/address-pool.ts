// Chooses the address that a new device is offered. The pool keeps an offer in memory, for a minute. When the device
// asks for the offered address by REQUEST, the registry keeps it from then on. Times are milliseconds.
import { ipToNumber, isHostOf, isIp, numberToIp, type Subnet } from '../protocol/ip.ts';

/** A client that wants an offered address asks for it within seconds. */
const OFFER_MS = 60_000;
/** An address that a stranger uses is left alone for so long. */
const SET_ASIDE_MS = 3_600_000;
/** After a search that found no address, the next search waits so long: a full network has many clients that ask. */
const FULL_MS = 1000;
/** `freeAddresses` looks at so many addresses in one call, and goes on with the next ones in the next call. */
const MOST_LOOKED_AT = 512;

/** Clients of whom is remembered that they declined an address. Anybody can make up more. */
const MOST_DECLINERS = 4096;

type Offer = { readonly ip: string; readonly until: number };
type SetAside = { readonly until: number; readonly holder: string | undefined };

/** What the pool has to know of devices. */
export type Holders = {
  /** whether an address is some device's own */
  readonly isOwned: (ip: string) => boolean;
  /** addresses of devices whose lease is over, in the order to take them; asked only when no other is left */
  readonly reusable?: () => readonly string[];
};

/** For whom an address is looked for, and when. */
export type OfferOptions = {
  /** address that the client asks for (option 50) */
  readonly wanted?: string;
  /** milliseconds */
  readonly now: number;
  /** addresses that nobody uses, as a probe showed; the pool offers these first, and takes no more than it needs */
  readonly proved?: Iterable<string>;
};

/**
 * The addresses of one network: which are offered to whom, which are set aside, and which are free.
 * What devices own is for the registry to know, see `Holders`.
 */
export class AddressPool {
  readonly #subnet: Subnet;
  readonly #holders: Holders;
  readonly #offers = new Map<string, Offer>();
  readonly #offered = new Map<string, string>();
  readonly #setAside = new Map<string, SetAside>();
  /** by MAC, when it was last believed that its address is in use */
  readonly #declined = new Map<string, number>();
  #next: number;
  #lookedAt = -1;
  #fullUntil = Number.NEGATIVE_INFINITY;

  constructor(subnet: Subnet, holders: Holders) {
    this.#subnet = subnet;
    this.#holders = holders;
    this.#next = ipToNumber(subnet.firstHost);
  }

  /**
   * Offers an address to `mac` and keeps it for that device for a minute: the address that it was offered before, else
   * the one that it asks for, else a free one, else one of a device whose lease is over, else the one that was set aside
   * longest ago. Whoever offers it asks the network first whether it is still in use.
   * @returns undefined if no address is left
   */
  offer(mac: string, options: OfferOptions): string | undefined {
    const { wanted, now, proved = [] } = options;
    const ip =
      this.offeredTo(mac, now) ??
      this.#wished(mac, wanted, now) ??
      this.#firstFree(proved, now) ??
      this.#findFree(now) ??
      this.#reuse(now) ??
      this.#takeLongestSetAside(now);
    return ip === undefined ? undefined : this.#keep(mac, ip, now);
  }

  /** The address that was offered to `mac` within the last minute. */
  offeredTo(mac: string, now: number): string | undefined {
    const offer = this.#offers.get(mac);
    return offer !== undefined && offer.until > now ? offer.ip : undefined;
  }

  /** Ends the offer to `mac`: the device refused it, or owns the address now. */
  withdraw(mac: string): void {
    const offer = this.#offers.get(mac);
    if (offer === undefined) return;
    this.#offers.delete(mac);
    this.#offered.delete(offer.ip);
    this.#fullUntil = Number.NEGATIVE_INFINITY;
  }

  /**
   * Offers `ip` to nobody for an hour, unless nothing else is left, since a machine uses it: the one with MAC `holder`,
   * where that is known.
   */
  setAside(ip: string, now: number, holder?: string): void {
    // A Map keeps its order: the first one was set aside longest ago.
    this.#setAside.delete(ip);
    this.#setAside.set(ip, { until: now + SET_ASIDE_MS, holder });
  }

  /**
   * `mac` says that a stranger uses the address that it was given. It is believed once an hour: a machine that declines
   * one address after the other would take them all from everybody.
   * @returns whether the address was set aside
   */
  decline(mac: string, ip: string, now: number): boolean {
    if ((this.#declined.get(mac) ?? Number.NEGATIVE_INFINITY) > now - SET_ASIDE_MS) return false;
    const [oldest] = this.#declined.keys();
    if (oldest !== undefined && this.#declined.size >= MOST_DECLINERS)
      this.#declined.delete(oldest);
    this.#declined.set(mac, now);
    this.setAside(ip, now);
    return true;
  }

  /**
   * Frees what was set aside because of `holder`, which lied, except its `own` addresses. Addresses that were set aside
   * for no known machine are freed as well: their clients may have been deceived by the same machine.
   */
  takeBack(holder: string, own: readonly string[]): void {
    for (const [ip, aside] of this.#setAside) {
      const isDoubtful = aside.holder === undefined || aside.holder === holder;
      if (isDoubtful && !own.includes(ip)) this.#setAside.delete(ip);
    }
    this.#fullUntil = Number.NEGATIVE_INFINITY;
  }

  /** Whether `ip` can be offered: no device owns it, no other device was offered it, and no stranger uses it. */
  isFree(ip: string, now: number): boolean {
    return !this.#holders.isOwned(ip) && this.#isUnused(ip, now);
  }

  /**
   * Finds up to `count` free addresses. A call looks at a part of the network, the next call at the part behind it, and
   * after the last address it starts anew.
   * @param skip addresses to leave out
   */
  freeAddresses(count: number, now: number, skip: (ip: string) => boolean): string[] {
    const found: string[] = [];
    const first = ipToNumber(this.#subnet.firstHost);
    const size = ipToNumber(this.#subnet.lastHost) - first + 1;
    for (let step = 0; step < Math.min(size, MOST_LOOKED_AT) && found.length < count; step += 1) {
      this.#lookedAt = (this.#lookedAt + 1) % size;
      const ip = numberToIp(first + this.#lookedAt);
      if (!skip(ip) && this.isFree(ip, now)) found.push(ip);
    }
    return found;
  }

  #keep(mac: string, ip: string, now: number): string {
    this.withdraw(mac);
    const before = this.#offered.get(ip);
    if (before !== undefined) this.#offers.delete(before);
    this.#offers.set(mac, { ip, until: now + OFFER_MS });
    this.#offered.set(ip, mac);
    return ip;
  }

  /** A machine may ask for the address for which it was set aside: an earlier server gave it that address. */
  #wished(mac: string, ip: string | undefined, now: number): string | undefined {
    if (ip === undefined) return undefined;
    if (this.#setAside.get(ip)?.holder === mac) this.#setAside.delete(ip);
    return this.isFree(ip, now) ? ip : undefined;
  }

  #firstFree(addresses: Iterable<string>, now: number): string | undefined {
    for (const ip of addresses) if (this.isFree(ip, now)) return ip;
    return undefined;
  }

  /** Looks at each address once, beginning behind the last one that was found. */
  #findFree(now: number): string | undefined {
    if (now < this.#fullUntil) return undefined;
    const first = ipToNumber(this.#subnet.firstHost);
    const count = ipToNumber(this.#subnet.lastHost) - first + 1;
    for (let step = 0; step < count; step += 1) {
      const value = first + ((this.#next - first + step) % count);
      const ip = numberToIp(value);
      if (!this.isFree(ip, now)) continue;
      this.#next = value + 1;
      return ip;
    }
    return undefined;
  }

  #reuse(now: number): string | undefined {
    if (now < this.#fullUntil) return undefined;
    const found = this.#holders.reusable?.().find((ip) => this.#isUnused(ip, now));
    if (found === undefined) this.#fullUntil = now + FULL_MS;
    return found;
  }

  #isOffered(ip: string, now: number): boolean {
    const holder = this.#offered.get(ip);
    return holder !== undefined && this.offeredTo(holder, now) === ip;
  }

  /** Nothing else is left. */
  #takeLongestSetAside(now: number): string | undefined {
    for (const ip of this.#setAside.keys()) {
      if (this.#holders.isOwned(ip) || this.#isOffered(ip, now)) continue;
      this.#setAside.delete(ip);
      return ip;
    }
    return undefined;
  }

  /** One DISCOVER asks this of a thousand addresses: the quick look-ups stand before `isIp`, which parses text. */
  #isUnused(ip: string, now: number): boolean {
    if ((this.#setAside.get(ip)?.until ?? 0) > now) return false;
    if (this.#isOffered(ip, now)) return false;
    return isIp(ip) && isHostOf(this.#subnet, ip) && ip !== this.#subnet.address;
  }
}
