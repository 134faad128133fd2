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
/** Where `sockaddr_ll` has the type of a packet (linux/if_packet.h); what is behind its first 16 bytes finds no room here. */
const PACKET_TYPE = 10;
const CONTROL = 24;
const AF_INET = 2;
const MSG_TRUNC = 0x20;
const SOL_UDP = 17;
const UDP_SEGMENT = 103;
const HIGH = 2 ** 32;
/** Bytes of the fields that are written and read, which all begin at such: four at once cost a fraction of Buffer's calls. */
const WORD = 4;
const [HEADER_WORDS, NAME_WORDS, IOV_WORDS] = [HEADER / WORD, NAME / WORD, IOV / WORD];

/** So many headers, each with a name, a piece of memory, and room for one control message. */
export class MessageHeaders {
  readonly count: number;
  readonly bytes: Buffer;
  readonly #names: Buffer;
  readonly #iovs: Buffer;
  readonly #controls: Buffer;
  readonly #controlsAt: number;
  readonly #headerWords: Uint32Array;
  readonly #nameWords: Uint32Array;
  readonly #iovWords: Uint32Array;
  /** as they stand in the control messages */
  readonly #segments: Uint16Array;

  constructor(count: number, addressOf: SystemCalls['addressOf']) {
    this.count = count;
    this.bytes = lasting(count * HEADER);
    this.#names = lasting(count * NAME);
    this.#iovs = lasting(count * IOV);
    this.#controls = lasting(count * CONTROL);
    this.#controlsAt = addressOf(this.#controls);
    this.#headerWords = new Uint32Array(this.bytes.buffer);
    this.#nameWords = new Uint32Array(this.#names.buffer);
    this.#iovWords = new Uint32Array(this.#iovs.buffer);
    this.#segments = new Uint16Array(count);
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
    const word = at * IOV_WORDS;
    const high = Math.floor(base / HIGH);
    this.#iovWords[word] = base - high * HIGH;
    this.#iovWords[word + 1] = high;
    this.#iovWords[word + 2] = length;
  }

  /** To be called before each `recvmmsg`, which writes here how long names were. */
  clearName(at: number): void {
    this.#headerWords[at * HEADER_WORDS + 2] = NAME;
  }

  /** Message `at` goes there. */
  setName(at: number, to: Place): void {
    const word = at * NAME_WORDS;
    const key = placeKey(to);
    const address = addressOf(key);
    this.#nameWords[word] = AF_INET | (turned16(key - address * 65_536) << 16);
    this.#nameWords[word + 1] = turned32(address);
    this.#headerWords[at * HEADER_WORDS + 2] = NAME;
  }

  /** The kernel cuts message `at` into datagrams of so many bytes (udp(7)); 0: it is one datagram. */
  setSegment(at: number, bytes: number): void {
    if (this.#segments[at] === bytes) return;
    this.#segments[at] = bytes;
    const offset = at * HEADER;
    writeAddress(this.bytes, offset + 32, bytes === 0 ? 0 : this.#controlsAt + at * CONTROL);
    this.bytes.writeUInt32LE(bytes === 0 ? 0 : CONTROL, offset + 40);
    this.#controls.writeUInt16LE(bytes, at * CONTROL + 16);
  }

  /** Where message `at` came from; undefined where that is no IPv4 address. */
  senderOf(at: number): Sender | undefined {
    const word = at * NAME_WORDS;
    const first = this.#nameWords[word] ?? 0;
    if ((first & 0xffff) !== AF_INET) return undefined;
    const address = turned32(this.#nameWords[word + 1] ?? 0) >>> 0;
    return new Sender(address * 65_536 + turned16(first >>> 16));
  }

  /** Of message `at` from a packet socket: whom its frame was for, as Linux numbers it (packet(7): PACKET_HOST and the others). */
  packetTypeOf(at: number): number {
    return this.#names[at * NAME + PACKET_TYPE] ?? 0;
  }

  /** Bytes of message `at`, as the kernel counted them. */
  lengthOf(at: number): number {
    return this.#headerWords[at * HEADER_WORDS + 14] ?? 0;
  }

  /** Whether there was more of message `at` than found room. */
  isCut(at: number): boolean {
    return ((this.#headerWords[at * HEADER_WORDS + 12] ?? 0) & MSG_TRUNC) !== 0;
  }
}

/** Memory of its own, zeroed, that is not a part of Node's pool. */
export function lasting(length: number): Buffer {
  return Buffer.from(new ArrayBuffer(length));
}

/** Ports and addresses have the highest byte first, and the words here the lowest. */
function turned16(value: number): number {
  return ((value & 0xff) << 8) | (value >>> 8);
}

function turned32(value: number): number {
  return (
    ((value & 0xff) << 24) | ((value & 0xff00) << 8) | ((value >>> 8) & 0xff00) | (value >>> 24)
  );
}

/** @param address in memory */
export function writeAddress(to: Buffer, offset: number, address: number): void {
  to.writeUInt32LE(address % HIGH, offset);
  to.writeUInt32LE(Math.floor(address / HIGH), offset + 4);
}
