/**
 * The headers of UDP datagrams from one place to another, for those that leave as frames: the kernel puts no header of its own before these.
 *
 *     +---------+-----+----------+--------------------------+
 *     | 4 | 5   | 0   | length 2 | identification 2, flags 2|   IPv4, RFC 791 §3.1
 *     | TTL | protocol | checksum 2 | source 4 | destination 4 |
 *     +----------+---------+----------+-----------+
 *     | source 2 | dest. 2 | length 2 | checksum 2|             UDP, RFC 768
 *     +----------+---------+----------+-----------+
 *
 * Big-endian. As Linux writes them where a socket of UDP sends: not to be cut into pieces, therefore without identification (RFC 6864 §4.1).
 */
import { ipToNumber } from '../ip.ts';

/** An end of a datagram: a dotted IPv4 address and a UDP port. */
type End = { readonly address: string; readonly port: number };

/** Bytes of both headers. */
export const DATAGRAM_HEAD = 28;

const IP_LENGTH = 20;
const UDP_LENGTH = 8;
/** Where fields are. */
const AT = { length: 2, ipSum: 10, source: 12, udp: 20, udpLength: 24, udpSum: 26 } as const;
const VERSION_AND_WORDS = 0x45;
const NOT_CUT = 0x4000;
const HOPS = 64;
const UDP = 17;

/** What all datagrams between two places begin with. */
export class DatagramHead {
  readonly #head = Buffer.alloc(DATAGRAM_HEAD);
  /** of the fields that are the same in all: of the IPv4 header, and of what the checksum of UDP is of */
  readonly #ipSum: number;
  readonly #udpSum: number;
  readonly #sums = new BodySums();

  constructor(from: End, to: End) {
    const head = this.#head;
    head[0] = VERSION_AND_WORDS;
    head.writeUInt16BE(NOT_CUT, 6);
    head[8] = HOPS;
    head[9] = UDP;
    head.writeUInt32BE(ipToNumber(from.address), AT.source);
    head.writeUInt32BE(ipToNumber(to.address), AT.source + 4);
    head.writeUInt16BE(from.port, AT.udp);
    head.writeUInt16BE(to.port, AT.udp + 2);
    this.#ipSum = sumOf(head, 0, IP_LENGTH);
    // Both addresses, the protocol and the length stand before the datagram as its checksum sees it (RFC 768).
    this.#udpSum = sumOf(head, AT.source, DATAGRAM_HEAD) + UDP;
  }

  /**
   * Writes both headers before a datagram that lies in this memory.
   * @param at where the first header begins; the datagram begins {@link DATAGRAM_HEAD} bytes behind it
   * @param length bytes of the datagram
   */
  write(memory: Buffer, at: number, length: number): void {
    const begin = at + DATAGRAM_HEAD;
    this.writeAlone(memory, at, { length, sum: this.#sums.of(memory, begin, begin + length) });
  }

  /**
   * Writes both headers of a datagram that lies elsewhere.
   * @param at where the first header begins
   * @param body bytes of the datagram, and what {@link BodySums} say of them
   */
  writeAlone(
    memory: Buffer,
    at: number,
    { length, sum }: { readonly length: number; readonly sum: number },
  ): void {
    memory.set(this.#head, at);
    memory.writeUInt16BE(IP_LENGTH + UDP_LENGTH + length, at + AT.length);
    memory.writeUInt16BE(checksum(this.#ipSum + DATAGRAM_HEAD + length), at + AT.ipSum);
    const udpLength = UDP_LENGTH + length;
    memory.writeUInt16BE(udpLength, at + AT.udpLength);
    // 0 would say that there is no checksum (RFC 768).
    memory.writeUInt16BE(checksum(this.#udpSum + 2 * udpLength + sum) || 0xffff, at + AT.udpSum);
  }
}

/** What datagrams add to their checksums. */
export class BodySums {
  /** of the memory that was read last */
  #words: Uint32Array = new Uint32Array(0);

  /**
   * As `sumOf`, but for carries. Four bytes at once, as the machine reads them: each carry counts 1 wherever it is added, and the bytes of a sum may be turned at
   * its end (RFC 1071 §2).
   */
  of(memory: Uint8Array, start: number, end: number): number {
    const from = memory.byteOffset + start;
    if (from % WORD !== 0) return sumOf(memory, start, end);
    if (this.#words.buffer !== memory.buffer) {
      this.#words = new Uint32Array(memory.buffer, 0, Math.floor(memory.buffer.byteLength / WORD));
    }
    const words = this.#words;
    const first = from / WORD;
    const count = Math.floor((end - start) / WORD);
    let sum = 0;
    for (let at = first; at < first + count; at += 1) sum += words[at] ?? 0;
    const folded = fold(sum);
    const turned = IS_LOW_FIRST ? ((folded & 0xff) << 8) | (folded >>> 8) : folded;
    return turned + sumOf(memory, start + count * WORD, end);
  }
}

/** Whether the lowest byte of a number stands first in memory. */
const IS_LOW_FIRST = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;
const WORD = 4;

/** Of the words of 16 bits in it; a byte that is left over is the high one of a word (RFC 1071 §1). */
function sumOf(bytes: Uint8Array, start: number, end: number): number {
  let sum = 0;
  let at = start;
  for (; at + 1 < end; at += 2) sum += ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
  return at < end ? sum + ((bytes[at] ?? 0) << 8) : sum;
}

/** RFC 1071: the carries are added, and all bits turned. */
function checksum(sum: number): number {
  return ~fold(sum) & 0xffff;
}

function fold(sum: number): number {
  let folded = sum;
  while (folded > 0xffff) folded = (folded & 0xffff) + Math.floor(folded / 0x10000);
  return folded;
}
