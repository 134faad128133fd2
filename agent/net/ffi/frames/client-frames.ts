/**
 * Datagrams to machines on the same cable, as frames, many with one call: they take half of the time that a socket of UDP takes, which looks
 * for the way of each. Where a frame goes is what the kernel found out when it sent a datagram there (ARP).
 */
import { BodySums, DATAGRAM_HEAD, DatagramHead } from '../../../protocol/ethernet/datagram-head.ts';
import { numberToIp } from '../../../protocol/ip.ts';
import { MOST_DATAGRAMS } from '../datagram-batches.ts';
import { indexBy, neighbourBy } from '../interface-facts.ts';
import { MemoryPlaces } from '../memory-places.ts';
import { HEADER, IOV, lasting, writeAddress } from '../message-headers.ts';
import { addressOf, type Place, placeKey } from '../place.ts';
import type { SystemCalls } from '../system-calls.ts';
import { frameName, openFrameSocket } from './frame-socket.ts';
import { LINK_ADDRESS } from './link-address.ts';

const MSG_DONTWAIT = 0x40;
const COUNT = MOST_DATAGRAMS;
/** V8 moves arrays of up to 64 bytes; longer ones than the other do not fit a packet of Ethernet. */
const [SHORTEST, LONGEST] = [65, 1500 - DATAGRAM_HEAD];

/** How a client is reached: what its frames begin with, and whose card they are for. */
export type ClientWay = {
  readonly head: DatagramHead;
  readonly name: Buffer;
  /** address of the name in memory */
  readonly nameAt: number;
};

/** A datagram that leaves as a frame. */
export type ClientFrame = { readonly bytes: Uint8Array; readonly way: ClientWay };

/** As its calls. */
type Calls = Pick<SystemCalls, 'send' | 'addressOf' | 'ask' | 'socket' | 'close'>;

/** @returns undefined where this process may not have such a socket, or the interface is not one of Ethernet */
export function openClientFrames(calls: SystemCalls, name: string): ClientFrames | undefined {
  const socket = openFrameSocket(calls, name);
  return socket === undefined ? undefined : new ClientFrames(calls, name, socket.fd);
}

/** Such a socket, and memory for what its calls are told. */
export class ClientFrames {
  readonly #calls: Calls;
  readonly #interface: string;
  readonly #fd: number;
  readonly #headers = lasting(COUNT * HEADER);
  /** two pieces each: headers of the datagram, and the datagram */
  readonly #pieces = lasting(COUNT * 2 * IOV);
  readonly #heads = lasting(COUNT * DATAGRAM_HEAD);
  readonly #places: MemoryPlaces;
  readonly #sums = new BodySums();
  /** the same blocks go to many */
  readonly #sumOf = new WeakMap<Uint8Array, number>();
  #isClosed = false;

  constructor(calls: Calls, name: string, fd: number) {
    this.#calls = calls;
    this.#interface = name;
    this.#fd = fd;
    this.#places = new MemoryPlaces(calls.addressOf);
    const [pieces, heads] = [calls.addressOf(this.#pieces), calls.addressOf(this.#heads)];
    for (let at = 0; at < COUNT; at += 1) {
      const header = at * HEADER;
      this.#headers.writeUInt32LE(LINK_ADDRESS, header + 8);
      writeAddress(this.#headers, header + 16, pieces + at * 2 * IOV);
      this.#headers.writeUInt32LE(2, header + 24);
      writeAddress(this.#pieces, at * 2 * IOV, heads + at * DATAGRAM_HEAD);
      this.#pieces.writeUInt32LE(DATAGRAM_HEAD, at * 2 * IOV + 8);
    }
  }

  /** Whether a datagram can be one of a frame. */
  takes(bytes: Uint8Array): boolean {
    return bytes.length >= SHORTEST && bytes.length <= LONGEST;
  }

  /** @returns undefined where the kernel does not know the client's card: nothing was sent there yet, or it is behind a router */
  wayTo(from: Place, to: Place): ClientWay | undefined {
    const address = lasting(4);
    address.writeUInt32BE(addressOf(placeKey(to)));
    const mac = neighbourBy(this.#calls, this.#interface, address);
    // Asked each time: an interface that was made anew has another one.
    const index = mac && indexBy(this.#calls, this.#interface);
    if (mac === undefined || index === undefined) return undefined;
    const name = frameName(index, mac);
    const client = { address: numberToIp(addressOf(placeKey(to))), port: to.port };
    return {
      head: new DatagramHead(from, client),
      name,
      nameAt: this.#calls.addressOf(name),
    };
  }

  /** Sends datagrams, as far as the kernel takes them now. @returns how many it took, from the first on */
  send(frames: readonly ClientFrame[]): number {
    let sent = 0;
    while (!this.#isClosed && sent < frames.length) {
      const taken = this.#sendSome(frames, sent);
      if (taken <= 0) break;
      sent += taken;
    }
    return sent;
  }

  /** From now on it takes nothing. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#calls.close(this.#fd);
  }

  #sendSome(frames: readonly ClientFrame[], from: number): number {
    const count = Math.min(COUNT, frames.length - from);
    for (let at = 0; at < count; at += 1) {
      const frame = frames[from + at];
      if (frame === undefined) break;
      this.#write(frame, at);
    }
    return this.#calls.send(this.#fd, this.#headers, count, MSG_DONTWAIT);
  }

  #write({ bytes, way }: ClientFrame, at: number): void {
    const { length } = bytes;
    way.head.writeAlone(this.#heads, at * DATAGRAM_HEAD, { length, sum: this.#sum(bytes) });
    writeAddress(this.#headers, at * HEADER, way.nameAt);
    const piece = at * 2 * IOV + IOV;
    writeAddress(this.#pieces, piece, this.#places.of(bytes.buffer) + bytes.byteOffset);
    this.#pieces.writeUInt32LE(length, piece + 8);
  }

  #sum(bytes: Uint8Array): number {
    const known = this.#sumOf.get(bytes);
    if (known !== undefined) return known;
    const sum = this.#sums.of(bytes, 0, bytes.length);
    this.#sumOf.set(bytes, sum);
    return sum;
  }
}
