// Which address a device without one is offered. Offers are kept for a minute in memory; an address becomes
// a device's own when it is acknowledged, in the registry. Times are milliseconds.
import { ipToNumber, isHostOf, isIp, numberToIp, type Subnet } from '../protocol/ip.ts';

const OFFER_MS = 60_000;
const SET_ASIDE_MS = 3_600_000;
/** With nothing left, a packet must not cost a search through the whole network. */
const FULL_MS = 1000;
/** So many addresses are looked at in one search for free ones; the next search goes on behind them. */
const MOST_LOOKED_AT = 512;

type Offer = { readonly ip: string; readonly until: number };
type SetAside = { readonly until: number; readonly holder: string | undefined };

/** What the pool has to know of devices. */
export type Holders = {
  /** whether an address is some device's own */
  readonly isOwned: (ip: string) => boolean;
  /** addresses of devices whose lease is over, in the order to take them; asked only when no other is left */
  readonly reusable?: () => readonly string[];
};

export type OfferOptions = {
  readonly wanted?: string;
  readonly now: number;
  /** addresses known to be used by nobody, which are taken first, out of where they come from */
  readonly proved?: Iterable<string>;
};

export class AddressPool {
  readonly #subnet: Subnet;
  readonly #holders: Holders;
  readonly #offers = new Map<string, Offer>();
  readonly #offered = new Map<string, string>();
  readonly #setAside = new Map<string, SetAside>();
  #next: number;
  #lookedAt = -1;
  #fullUntil = Number.NEGATIVE_INFINITY;

  constructor(subnet: Subnet, holders: Holders) {
    this.#subnet = subnet;
    this.#holders = holders;
    this.#next = ipToNumber(subnet.firstHost);
  }

  /**
   * Sets an address aside for `mac`: the one it had been offered, else the one it wishes, else a free one.
   * @returns undefined if none is left
   */
  offer(mac: string, options: OfferOptions): string | undefined {
    const { wanted, now, proved = [] } = options;
    const ip =
      this.offeredTo(mac, now) ??
      this.#wished(mac, wanted, now) ??
      this.#firstFree(proved, now) ??
      this.#findFree(now) ??
      this.#reuse(now);
    return ip === undefined ? undefined : this.#keep(mac, ip, now);
  }

  offeredTo(mac: string, now: number): string | undefined {
    const offer = this.#offers.get(mac);
    return offer !== undefined && offer.until > now ? offer.ip : undefined;
  }

  /** The offer was turned down or became the device's own. */
  withdraw(mac: string): void {
    const offer = this.#offers.get(mac);
    if (offer === undefined) return;
    this.#offers.delete(mac);
    this.#offered.delete(offer.ip);
    this.#fullUntil = Number.NEGATIVE_INFINITY;
  }

  /** Somebody else uses this address (`holder`, where known): leave it alone for an hour. */
  setAside(ip: string, now: number, holder?: string): void {
    this.#setAside.set(ip, { until: now + SET_ASIDE_MS, holder });
  }

  /** What `holder` said of addresses counts no more, but for those of `own`; nor do claims of nobody in particular. */
  takeBack(holder: string, own: readonly string[]): void {
    for (const [ip, aside] of this.#setAside) {
      const isDoubtful = aside.holder === undefined || aside.holder === holder;
      if (isDoubtful && !own.includes(ip)) this.#setAside.delete(ip);
    }
    this.#fullUntil = Number.NEGATIVE_INFINITY;
  }

  isFree(ip: string, now: number): boolean {
    return !this.#holders.isOwned(ip) && this.#isUnused(ip, now);
  }

  /** Up to `count` free addresses that `skip` does not name: round the network, a part of it with each call. */
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

  /** A machine that holds an address that nobody gave it may have it: it kept it from an earlier server. */
  #wished(mac: string, ip: string | undefined, now: number): string | undefined {
    if (ip === undefined) return undefined;
    if (this.#setAside.get(ip)?.holder === mac) this.#setAside.delete(ip);
    return this.isFree(ip, now) ? ip : undefined;
  }

  #firstFree(addresses: Iterable<string>, now: number): string | undefined {
    for (const ip of addresses) if (this.isFree(ip, now)) return ip;
    return undefined;
  }

  /** Goes round the subnet from where it stopped last, so that a full one costs no more than one round. */
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

  /** What is looked up comes before what is read out of a text: this is asked a thousand times for one packet. */
  #isUnused(ip: string, now: number): boolean {
    if ((this.#setAside.get(ip)?.until ?? 0) > now) return false;
    const holder = this.#offered.get(ip);
    if (holder !== undefined && this.offeredTo(holder, now) === ip) return false;
    return isIp(ip) && isHostOf(this.#subnet, ip) && ip !== this.#subnet.address;
  }
}
