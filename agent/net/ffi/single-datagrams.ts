/**
 * One datagram a call, with as little around it as can be: in a transfer without a window there is one acknowledgement, one block, and
 * a client that waits meanwhile. Headers for many datagrams cost more here than they save.
 */
import type { MemoryPlaces } from './memory-places.ts';
import { lasting } from './message-headers.ts';
import { addressOf, type Place, placeKey, Sender } from './place.ts';
import type { SystemCalls } from './system-calls.ts';

/** No datagram of UDP is longer (RFC 768). */
const LONGEST = 65_536;
const MSG_DONTWAIT = 0x40;
const AF_INET = 2;
/** `sockaddr_in`: family, port and address, these two with the highest byte first (linux/in.h). */
const NAME = 16;
/** V8 moves arrays of up to 64 bytes: they are copied. */
const MOVED = 64;

/** For all sockets of one thread: each call is over when it returns. */
export class SingleDatagrams {
  /** what was received last begins here */
  readonly memory = lasting(LONGEST);
  readonly #calls: SystemCalls;
  readonly #places: MemoryPlaces;
  readonly #from = lasting(NAME);
  readonly #fromLength = lasting(4);
  readonly #to = lasting(NAME);
  readonly #copy = lasting(MOVED);
  readonly #at: { readonly [part in 'memory' | 'from' | 'fromLength' | 'to' | 'copy']: number };
  #named = 0;

  constructor(calls: SystemCalls, places: MemoryPlaces) {
    this.#calls = calls;
    this.#places = places;
    this.#at = {
      memory: calls.addressOf(this.memory),
      from: calls.addressOf(this.#from),
      fromLength: calls.addressOf(this.#fromLength),
      to: calls.addressOf(this.#to),
      copy: calls.addressOf(this.#copy),
    };
    this.#to.writeUInt16LE(AF_INET);
  }

  /** Takes what came first, without waiting. @returns its length; -1 where nothing lies there */
  receive(fd: number): number {
    const { memory, from, fromLength } = this.#at;
    this.#fromLength[0] = NAME;
    return this.#calls.receiveOne(fd, memory, LONGEST, MSG_DONTWAIT, from, fromLength);
  }

  /** Of what was received last; undefined where that is no IPv4 address. */
  sender(): Sender | undefined {
    const name = this.#from;
    if (name[0] !== AF_INET || name[1] !== 0) return undefined;
    return new Sender(name.readUInt32BE(4) * 65_536 + name.readUInt16BE(2));
  }

  /**
   * Sends one, where there is room for it now.
   * @param to undefined: the socket is connected
   * @returns whether the kernel took it
   */
  send(fd: number, bytes: Uint8Array, to: Place | undefined): boolean {
    const { length } = bytes;
    const at = this.#placeOf(bytes);
    if (to === undefined) return this.#calls.sendOne(fd, at, length, MSG_DONTWAIT, 0, 0) >= 0;
    const key = placeKey(to);
    if (key !== this.#named) this.#name(key);
    return this.#calls.sendOne(fd, at, length, MSG_DONTWAIT, this.#at.to, NAME) >= 0;
  }

  #placeOf(bytes: Uint8Array): number {
    if (bytes.length > MOVED) return this.#places.of(bytes.buffer) + bytes.byteOffset;
    this.#copy.set(bytes);
    return this.#at.copy;
  }

  #name(key: number): void {
    const address = addressOf(key);
    this.#to.writeUInt16BE(key - address * 65_536, 2);
    this.#to.writeUInt32BE(address, 4);
    this.#named = key;
  }
}
