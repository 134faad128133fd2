/**
 * Reads a packet socket in a thread that does nothing else, and may sleep in a call. What wakes it besides is a bell: an eventfd(2) that
 * the main thread writes to.
 */
import { lasting, MessageHeaders } from '../message-headers.ts';
import type { SystemCalls } from '../system-calls.ts';
import { errorName } from './error-name.ts';

/** Of one call. */
export const MOST_FRAMES = 64;
/** The kernel gives memory that nobody has written to only when it is used. */
const LONGEST = 65_535;
const MSG_DONTWAIT = 0x40;
/** `struct pollfd`: descriptor, what is waited for, what there is (poll(2)). */
const POLLED = 8;
const POLLIN = 1;
/** PACKET_OTHERHOST and what follows it: for others, and our own. */
const OTHERS = 3;
const EINTR = 4;
/** EAGAIN, ENETDOWN, ENOBUFS: nothing lies there now. */
const NOTHING = [EINTR, 11, 100, 105];

/** Descriptors of a packet socket and of the bell. */
export type EarDescriptors = { readonly wire: number; readonly bell: number };

/** As its calls. */
type Calls = Pick<SystemCalls, 'receive' | 'poll' | 'addressOf' | 'errno'>;

/** Memory for what it reads. */
export class PacketEars {
  readonly #calls: Calls;
  readonly #wire: number;
  readonly #headers: MessageHeaders;
  readonly #received = lasting(MOST_FRAMES * LONGEST);
  /** the bell comes first, so that it can be waited for alone */
  readonly #polled = lasting(2 * POLLED);
  /** headers that the last call has written to, the first ones: the others are as they were */
  #written = MOST_FRAMES;

  constructor(calls: Calls, { wire, bell }: EarDescriptors) {
    this.#calls = calls;
    this.#wire = wire;
    this.#headers = new MessageHeaders(MOST_FRAMES, calls.addressOf);
    const base = calls.addressOf(this.#received);
    for (let at = 0; at < MOST_FRAMES; at += 1) {
      this.#headers.setBody(at, base + at * LONGEST, LONGEST);
    }
    for (const [at, fd] of [bell, wire].entries()) {
      this.#polled.writeInt32LE(fd, at * POLLED);
      this.#polled.writeInt16LE(POLLIN, at * POLLED + 4);
    }
  }

  /**
   * Sleeps until a frame comes, or the bell rings, or the time is over.
   * @returns whether the bell rings
   * @throws {Error} where Linux refuses it: whoever tried again at once would never sleep
   */
  sleep(ms: number): boolean {
    return this.#poll(2, ms);
  }

  /** As `sleep()`, whatever comes besides the bell. */
  rest(ms: number): boolean {
    return this.#poll(1, ms);
  }

  /**
   * Takes what lies in the socket, {@link MOST_FRAMES} at most, without waiting.
   * @param take gets those that were not for others, in memory that is read into again by the next call
   * @returns how many there were
   * @throws {Error} where the descriptor is none to read
   */
  take(take: (frame: Buffer) => void): number {
    for (let at = 0; at < this.#written; at += 1) this.#headers.clearName(at);
    const count = this.#calls.receive(this.#wire, this.#headers.bytes, MOST_FRAMES, MSG_DONTWAIT);
    this.#written = Math.max(0, count);
    if (count < 0) {
      const errno = this.#calls.errno();
      if (NOTHING.includes(errno)) return 0;
      throw new Error(errorName(errno));
    }
    for (let at = 0; at < count; at += 1) {
      if (this.#headers.packetTypeOf(at) >= OTHERS) continue;
      const start = at * LONGEST;
      const length = Math.min(this.#headers.lengthOf(at), LONGEST);
      take(this.#received.subarray(start, start + length));
    }
    return count;
  }

  #poll(count: number, ms: number): boolean {
    if (this.#calls.poll(this.#polled, count, ms) >= 0) return this.#polled.readInt16LE(6) !== 0;
    const errno = this.#calls.errno();
    if (errno !== EINTR) throw new Error(`poll: ${errorName(errno)}`);
    return false;
  }
}
