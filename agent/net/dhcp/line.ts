/**
 * DHCP packets on their way to the handler. Where thousands of machines ask at once, and again because nobody has answered yet, a
 * server that answers each packet in the order in which it came answers copies, and loses what matters in a full socket. So all
 * is taken out of the socket first; copies of what waits are dropped, and who is about to get an address goes before who
 * begins to look for one.
 */
import { magicCookie } from '../../protocol/dhcp/decode.ts';
import type { Endpoint } from '../../protocol/dhcp/exchange.ts';
import { bytesToMac } from '../../protocol/mac.ts';

/** A packet as it came, and what names its content. */
export type DhcpArrival = { readonly bytes: Buffer; readonly from: Endpoint; readonly key: string };

/** What waits of one client, in its order; the first is being answered, or is about to be. */
type Queue = DhcpArrival[];

/** Of one turn of the event loop: then sockets are read again. DISCOVERs have a share of it whatever else comes. */
const MOST_A_TURN = 32;
const MOST_URGENT = 24;

/** RFC 951 §3, RFC 2132 §9.6. */
const SECS = 8;
const FLAGS = 10;
const CHADDR = 28;
const LONGEST_CHADDR = 16;
const FIRST_OPTION = 240;
const MESSAGE_TYPE = 53;
const END = 255;
const DISCOVER = 1;

/** Clients in line, each with its packets. */
export class DhcpLine {
  readonly #serve: (client: string, queue: Queue) => Promise<void>;
  readonly #queues = new Map<string, Queue>();
  readonly #keys = new Set<string>();
  #urgent: string[] = [];
  #others: string[] = [];
  #isWorking = false;

  /** @param serve answers a packet; it never rejects */
  constructor(serve: (client: string, arrival: DhcpArrival) => Promise<void>) {
    this.#serve = async (client, queue) => {
      for (let next = queue[0]; next; next = queue[0]) {
        await serve(client, next);
        this.#keys.delete(next.key);
        queue.shift();
      }
      this.#queues.delete(client);
    };
  }

  /** Clients of whom something waits, or is being answered. */
  get clients(): number {
    return this.#queues.size;
  }

  /** Packets that wait or are being answered. */
  get packets(): number {
    return [...this.#queues.values()].reduce((sum, { length }) => sum + length, 0);
  }

  /** How many packets of a client wait or are being answered. */
  waitingOf(client: string): number {
    return this.#queues.get(client)?.length ?? 0;
  }

  /** Whether the same packet waits already: all of it is the same but how long the client has been asking (`secs`). */
  has(arrival: DhcpArrival): boolean {
    return this.#keys.has(arrival.key);
  }

  /** A packet of this client waits from now on. */
  add(client: string, arrival: DhcpArrival): void {
    this.#keys.add(arrival.key);
    const queue = this.#queues.get(client);
    if (queue !== undefined) {
      queue.push(arrival);
      return;
    }
    this.#queues.set(client, [arrival]);
    (isDiscover(arrival.bytes) ? this.#others : this.#urgent).push(client);
    this.#workSoon();
  }

  /** Nothing that waits is answered any more. */
  clear(): void {
    this.#urgent = [];
    this.#others = [];
    for (const queue of this.#queues.values()) queue.splice(1);
  }

  #workSoon(): void {
    if (this.#isWorking) return;
    this.#isWorking = true;
    setImmediate(() => {
      this.#isWorking = false;
      this.#work();
    });
  }

  #work(): void {
    const urgent = this.#urgent.splice(0, MOST_URGENT);
    const others = this.#others.splice(0, MOST_A_TURN - urgent.length);
    for (const client of [...urgent, ...others]) {
      const queue = this.#queues.get(client);
      if (queue !== undefined) void this.#serve(client, queue);
    }
    if (this.#urgent.length + this.#others.length > 0) this.#workSoon();
  }
}

/** Names a packet by its content. */
export function dhcpArrival(bytes: Buffer, from: Endpoint): DhcpArrival {
  const content = bytes.toString('latin1', 0, SECS) + bytes.toString('latin1', FLAGS);
  return { bytes, from, key: `${from.address} ${content}` };
}

/** The hardware address of who sent a packet, as the decoder has it; undefined where this is no DHCP, and the decoder says why. */
export function clientOf(bytes: Buffer): string | undefined {
  const length = bytes[2] ?? 0;
  if (bytes.length < FIRST_OPTION || length > LONGEST_CHADDR) return undefined;
  if (bytes.readUInt32BE(FIRST_OPTION - 4) !== magicCookie) return undefined;
  return bytesToMac(bytes.subarray(CHADDR, CHADDR + length));
}

function isDiscover(bytes: Uint8Array): boolean {
  for (let at = FIRST_OPTION; at + 2 < bytes.length && bytes[at] !== END; ) {
    if (bytes[at] === MESSAGE_TYPE) return bytes[at + 2] === DISCOVER;
    at += bytes[at] === 0 ? 1 : 2 + (bytes[at + 1] ?? 0);
  }
  return false;
}
