// Finds other DHCP servers on walt-net and reports each of them once, with its MAC where that can be found out. Two signs
// show such a server: its answers, and clients that name it as the server which they took an address from.
// Times are milliseconds.
import type { ServerEvent } from '../events/event.ts';

/** A client named a server: the server is asked for its MAC by ARP, and reported without MAC after so long. */
const ANSWER_MS = 2000;
/** The lists are bounded, since anybody can name servers that do not exist. */
const MOST = 64;

/** The DHCP servers that were seen beside this one. */
export class OtherServers {
  readonly #own: string;
  readonly #reported = new Set<string>();
  /** by address, when a client named it; an entry goes when the server is reported */
  readonly #named = new Map<string, number>();

  constructor(ownAddress: string) {
    this.#own = ownAddress;
  }

  /** A DHCP server answered from `address`, or a machine told that it has the address which a client had named. */
  heard(address: string, mac?: string): ServerEvent[] {
    this.#named.delete(address);
    if (address === this.#own || this.#reported.has(address) || this.#reported.size >= MOST)
      return [];
    this.#reported.add(address);
    const whose = mac === undefined ? {} : { mac };
    return [{ kind: 'other-dhcp-server', address, ...whose }];
  }

  /**
   * A client named the server that it took its address from.
   * @returns whether to ask the network by ARP who has that address
   */
  named(address: string, now: number): boolean {
    if (address === this.#own || this.#reported.has(address) || this.#named.has(address))
      return false;
    if (this.#named.size >= MOST) return false;
    this.#named.set(address, now);
    return true;
  }

  /** Whether a client named a server at `address` that is not reported yet. */
  isNamed(address: string): boolean {
    return this.#named.has(address);
  }

  /** Time has passed: reports servers whose address nobody answered for, without their MAC. */
  tick(now: number): ServerEvent[] {
    const late = [...this.#named].filter(([, since]) => now - since >= ANSWER_MS);
    return late.flatMap(([address]) => this.heard(address));
  }
}
