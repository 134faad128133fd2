/** Replies that leave together, one behind the other in memory: to everybody on the wire, as those to clients without an address. */
import { DATAGRAM_HEAD } from '../ethernet/datagram-head.ts';

/** One of them has this room, and there are so many at most. */
export const REPLY_ROOM = 1024;
export const MOST_REPLIES = 128;
/** Before each there is room for the headers of a frame. */
export const REPLY_STRIDE = DATAGRAM_HEAD + REPLY_ROOM;

/** Where they go (RFC 2131 §4.1): machines without an address hear it. */
export const EVERYBODY = { address: '255.255.255.255', port: 68 } as const;

/** Filled one by one, sent, and filled anew. */
export class DhcpReplies {
  /** Memory of its own, which no call for something else shares. */
  readonly memory = Buffer.from(new ArrayBuffer(MOST_REPLIES * REPLY_STRIDE));
  /** of it, from the first reply on */
  readonly bodies = this.memory.subarray(DATAGRAM_HEAD);
  readonly lengths = new Uint16Array(MOST_REPLIES);
  count = 0;

  /** Where the next one is to be written; undefined where there is no room. */
  get next(): number | undefined {
    return this.count < MOST_REPLIES ? placeOf(this.count) : undefined;
  }

  /** One was written to `next`. */
  add(length: number): void {
    this.lengths[this.count] = length;
    this.count += 1;
  }

  /** One of others, by its number. */
  addFrom(others: DhcpReplies, number: number): void {
    const from = placeOf(number);
    others.memory.copy(this.memory, placeOf(this.count), from, from + REPLY_ROOM);
    this.add(others.lengths[number] ?? 0);
  }

  /** The bytes of one, in this memory. */
  bytesOf(number: number): Buffer {
    const from = placeOf(number);
    return this.memory.subarray(from, from + (this.lengths[number] ?? 0));
  }
}

function placeOf(number: number): number {
  return number * REPLY_STRIDE + DATAGRAM_HEAD;
}
