// Other DHCP servers on walt-net: each is told of once, with its MAC where it can be found out. Times are milliseconds.
import type { ServerEvent } from '../events/event.ts';

/** How long a server that was only named has to answer for its address. */
const ANSWER_MS = 2000;
/** Anyone can name servers that do not exist. */
const MOST = 64;

export class OtherServers {
  readonly #own: string;
  readonly #told = new Set<string>();
  readonly #named = new Map<string, number>();

  constructor(ownAddress: string) {
    this.#own = ownAddress;
  }

  /** An answer of a DHCP server was heard, or a machine that has the address of one that was named. */
  heard(address: string, mac?: string): ServerEvent[] {
    this.#named.delete(address);
    if (address === this.#own || this.#told.has(address) || this.#told.size >= MOST) return [];
    this.#told.add(address);
    const whose = mac === undefined ? {} : { mac };
    return [{ kind: 'other-dhcp-server', address, ...whose }];
  }

  /**
   * A client named the server that it took its address from.
   * @returns whether to find out who that is
   */
  named(address: string, now: number): boolean {
    if (address === this.#own || this.#told.has(address) || this.#named.has(address)) return false;
    if (this.#named.size >= MOST) return false;
    this.#named.set(address, now);
    return true;
  }

  isNamed(address: string): boolean {
    return this.#named.has(address);
  }

  /** Time has passed: those that answered for nothing are told of as they are. */
  tick(now: number): ServerEvent[] {
    const late = [...this.#named].filter(([, since]) => now - since >= ANSWER_MS);
    return late.flatMap(([address]) => this.heard(address));
  }
}
