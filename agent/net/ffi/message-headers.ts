/**
 * Headers of messages as recvmmsg(2) and sendmmsg(2) take them, in memory that lives as long as this object. Numbers by
 * Linux (socket.h, uio.h), of processors with 64 bits and the lowest byte first:
 *
 *     struct mmsghdr   0 name (address)        8 length of name    16 iov (address)     24 count of iov
 *                     32 control (address)    40 its length        48 flags             56 bytes of the message
 *     struct iovec     0 base (address)        8 length
 *     sockaddr_in      0 family                2 port (highest byte first)               4 address
 *     cmsghdr          0 length                8 level             12 type              16 data
 */
import { addressOf, type Place, placeKey, Sender } from './place.ts';
import type { SystemCalls } from './system-calls.ts';

/** Bytes of a header, and of what it says where a piece of memory is. */
export const HEADER = 64;
export const IOV = 16;
const NAME = 16;
const CONTROL = 24;
const AF_INET = 2;
const MSG_TRUNC = 0x20;
const SOL_UDP = 17;
const UDP_SEGMENT = 103;
const HIGH = 2 ** 32;

/** So many headers, each with a name, a piece of memory, and room for one control message. */
export class MessageHeaders {
  readonly count: number;
  readonly bytes: Buffer;
  readonly #names: Buffer;
  readonly #iovs: Buffer;
  readonly #controls: Buffer;
  readonly #controlsAt: number;

  constructor(count: number, addressOf: SystemCalls['addressOf']) {
    this.count = count;
    this.bytes = lasting(count * HEADER);
    this.#names = lasting(count * NAME);
    this.#iovs = lasting(count * IOV);
    this.#controls = lasting(count * CONTROL);
    this.#controlsAt = addressOf(this.#controls);
    const [names, iovs] = [addressOf(this.#names), addressOf(this.#iovs)];
    for (let at = 0; at < count; at += 1) {
      writeAddress(this.bytes, at * HEADER, names + at * NAME);
      writeAddress(this.bytes, at * HEADER + 16, iovs + at * IOV);
      this.bytes.writeUInt32LE(1, at * HEADER + 24);
      this.#controls.writeUInt32LE(18, at * CONTROL);
      this.#controls.writeInt32LE(SOL_UDP, at * CONTROL + 8);
      this.#controls.writeInt32LE(UDP_SEGMENT, at * CONTROL + 12);
    }
  }

  /** The headers from the one with this number on. */
  from(at: number): Buffer {
    return at === 0 ? this.bytes : this.bytes.subarray(at * HEADER);
  }

  /** Message `at` is of this memory, or goes there. @param base address in memory */
  setBody(at: number, base: number, length: number): void {
    writeAddress(this.#iovs, at * IOV, base);
    this.#iovs.writeUInt32LE(length, at * IOV + 8);
  }

  /** To be called before each `recvmmsg`, which writes here how long names were. */
  clearName(at: number): void {
    this.bytes.writeUInt32LE(NAME, at * HEADER + 8);
  }

  /** Message `at` goes there. */
  setName(at: number, to: Place): void {
    const offset = at * NAME;
    const key = placeKey(to);
    const address = addressOf(key);
    this.#names.writeUInt16LE(AF_INET, offset);
    this.#names.writeUInt16BE(key - address * 65_536, offset + 2);
    this.#names.writeUInt32BE(address, offset + 4);
    this.bytes.writeUInt32LE(NAME, at * HEADER + 8);
  }

  /** The kernel cuts message `at` into datagrams of so many bytes (udp(7)); 0: it is one datagram. */
  setSegment(at: number, bytes: number): void {
    const offset = at * HEADER;
    writeAddress(this.bytes, offset + 32, bytes === 0 ? 0 : this.#controlsAt + at * CONTROL);
    this.bytes.writeUInt32LE(bytes === 0 ? 0 : CONTROL, offset + 40);
    this.#controls.writeUInt16LE(bytes, at * CONTROL + 16);
  }

  /** Where message `at` came from; undefined where that is no IPv4 address. */
  senderOf(at: number): Sender | undefined {
    const offset = at * NAME;
    if (this.#names.readUInt16LE(offset) !== AF_INET) return undefined;
    const address = this.#names.readUInt32BE(offset + 4);
    return new Sender(address * 65_536 + this.#names.readUInt16BE(offset + 2));
  }

  /** Bytes of message `at`, as the kernel counted them. */
  lengthOf(at: number): number {
    return this.bytes.readUInt32LE(at * HEADER + 56);
  }

  /** Whether there was more of message `at` than found room. */
  isCut(at: number): boolean {
    return (this.bytes.readInt32LE(at * HEADER + 48) & MSG_TRUNC) !== 0;
  }
}

/** Memory of its own, zeroed, that is not a part of Node's pool. */
export function lasting(length: number): Buffer {
  return Buffer.from(new ArrayBuffer(length));
}

/** @param address in memory */
export function writeAddress(to: Buffer, offset: number, address: number): void {
  to.writeUInt32LE(address % HIGH, offset);
  to.writeUInt32LE(Math.floor(address / HIGH), offset + 4);
}
