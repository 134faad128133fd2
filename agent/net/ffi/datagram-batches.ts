/**
 * Many datagrams with one call: what lies in a socket, what one turn of the event loop has to say, and windows of TFTP, which
 * the kernel cuts into datagrams itself where it can (UDP_SEGMENT, Linux 4.18, as old as Node 24 runs on). One for a server, of one thread: each
 * call is over when it returns, so that all sockets share the memory. Nothing here waits: whose socket has no room goes
 * by `node:dgram`, which does.
 */
import { MemoryPlaces } from './memory-places.ts';
import { lasting, MessageHeaders } from './message-headers.ts';
import type { Place, Sender } from './place.ts';
import { SingleDatagrams } from './single-datagrams.ts';
import { loadSystemCalls, type SystemCalls } from './system-calls.ts';

/** One datagram that is sent. */
export type Datagram = { readonly bytes: Uint8Array; readonly to: Place };

/** Looks at a datagram in memory that is not its own. @returns whether it has taken it; it does not wait, and takes no other datagrams */
export type Peek = (
  memory: Buffer,
  place: { readonly start: number; readonly end: number },
  from: Sender,
) => boolean;

/** Datagrams of different lengths in memory, each so far behind the one before. */
export type Pieces = {
  readonly memory: Buffer;
  readonly stride: number;
  readonly lengths: Uint16Array;
  readonly count: number;
};

/** Datagrams that lie in memory one behind the other, all of `stride` bytes but the last, which may be shorter. */
export type Run = {
  readonly memory: ArrayBufferLike;
  /** where the first begins, bytes from the beginning of the memory */
  readonly offset: number;
  /** bytes of all */
  readonly length: number;
  readonly stride: number;
};

/** Of one call. */
export const MOST_DATAGRAMS = 64;
const COUNT = MOST_DATAGRAMS;
/** No datagram of UDP is longer (RFC 768). The kernel gives memory that nobody has written to only when it is used. */
const LONGEST = 65_536;
/**
 * Those that are copied to be sent. Longer ones are sent from where they lie: V8 has arrays of up to 64 bytes on its own heap, where
 * they move.
 */
const COPIED = 512;
const MSG_DONTWAIT = 0x40;
/** What one call may be cut into, and how long it may be (udp(7); headers of IPv4 and UDP are 28 bytes). */
const MOST_SEGMENTS = 64;
const MOST_BYTES = 65_535 - 28;
/** Longer datagrams do not fit a packet of Ethernet, and the kernel refuses to cut so. */
const LONGEST_CUT = 1500 - 28;
/** EIO, EINVAL and, of newer kernels, EMSGSIZE: the card makes no checksums, or packets on the way to the client are smaller. */
const REFUSED = [5, 22, 90];
/** So many clients are remembered for whom it refuses. */
const MOST_UNCUT = 1024;

/** @returns undefined where the machine has no such calls */
export async function openDatagramBatches(): Promise<DatagramBatches | undefined> {
  const calls = await loadSystemCalls();
  return calls === undefined ? undefined : new DatagramBatches(calls);
}

/** Memory for batches, and the calls that take it. */
export class DatagramBatches {
  readonly calls: SystemCalls;
  readonly #in: MessageHeaders;
  readonly #received = lasting(COUNT * LONGEST);
  readonly #out: MessageHeaders;
  readonly #copies = lasting(COUNT * COPIED);
  readonly #copiesAt: number;
  readonly #places: MemoryPlaces;
  readonly #single: SingleDatagrams;
  #receivedLast = COUNT;
  /** addresses of clients for whom the kernel refused to cut: the way to others may be another one */
  readonly #uncut = new Set<string>();

  constructor(calls: SystemCalls) {
    this.calls = calls;
    this.#places = new MemoryPlaces(calls.addressOf);
    this.#single = new SingleDatagrams(calls, this.#places);
    this.#in = new MessageHeaders(COUNT, calls.addressOf);
    this.#out = new MessageHeaders(COUNT, calls.addressOf);
    this.#copiesAt = calls.addressOf(this.#copies);
    const base = calls.addressOf(this.#received);
    for (let at = 0; at < COUNT; at += 1) this.#in.setBody(at, base + at * LONGEST, LONGEST);
  }

  /**
   * Takes what lies in a socket, 64 datagrams at most, without waiting.
   * @param take gets bytes that are its own
   * @param peek sees each first, in memory that is soon read into again; what it takes itself, `take` does not get
   * @returns how many there were
   */
  receive(
    fd: number,
    take: (bytes: Buffer, from: Place) => void,
    peek: Peek = () => false,
  ): number {
    for (let at = 0; at < this.#receivedLast; at += 1) this.#in.clearName(at);
    const count = Math.max(0, this.calls.receive(fd, this.#in.bytes, COUNT, MSG_DONTWAIT));
    this.#receivedLast = count;
    // All are taken out first: what `take` does may receive from another socket.
    const taken: [Buffer, Place][] = [];
    for (let at = 0; at < count; at += 1) {
      const from = this.#in.senderOf(at);
      const length = Math.min(this.#in.lengthOf(at), LONGEST);
      const start = at * LONGEST;
      if (from === undefined || this.#in.isCut(at)) continue;
      if (peek(this.#received, { start, end: start + length }, from)) continue;
      const { address, port } = from;
      taken.push([Buffer.from(this.#received.subarray(start, start + length)), { address, port }]);
    }
    for (const [bytes, from] of taken) take(bytes, from);
    return count;
  }

  /** Takes one datagram at most, for less than `receive()` does. @returns how many there were */
  receiveOne(
    fd: number,
    take: (bytes: Buffer, from: Place) => void,
    peek: Peek = () => false,
  ): number {
    const length = this.#single.receive(fd);
    if (length < 0) return 0;
    const { memory } = this.#single;
    const from = this.#single.sender();
    if (from === undefined || peek(memory, { start: 0, end: length }, from)) return 1;
    take(Buffer.from(memory.subarray(0, length)), { address: from.address, port: from.port });
    return 1;
  }

  /** Sends one datagram, if the kernel takes it now. @param to undefined: the socket is connected. @returns whether it did */
  sendOne(fd: number, bytes: Uint8Array, to: Place | undefined): boolean {
    return this.#single.send(fd, bytes, to);
  }

  /**
   * Sends datagrams from one of them on, 64 at most, as far as the kernel takes them now.
   * @returns how many it took
   */
  send(fd: number, datagrams: readonly Datagram[], from = 0): number {
    let count = 0;
    for (; count < COUNT; count += 1) {
      const datagram = datagrams[from + count];
      if (datagram === undefined) break;
      const { bytes, to } = datagram;
      this.#out.setName(count, to);
      this.#out.setBody(count, this.#memoryOf(bytes, count), bytes.length);
      this.#out.setSegment(count, 0);
    }
    return count === 0 ? 0 : Math.max(0, this.calls.send(fd, this.#out.bytes, count, MSG_DONTWAIT));
  }

  /** Sends a run to one place, as far as the kernel takes it now. @returns how many datagrams it took from the first on */
  sendRun(fd: number, run: Run, to: Place): number {
    const { memory, offset, length, stride } = run;
    if (offset < 0 || length <= 0 || offset + length > memory.byteLength) {
      throw new RangeError(
        `Cannot send ${length} bytes from ${offset}: there are ${memory.byteLength}`,
      );
    }
    if (stride <= LONGEST_CUT && !this.#uncut.has(to.address)) {
      const sent = this.#sendPieces(fd, { run, to, each: segmentsOf(stride) });
      if (sent > 0 || !REFUSED.includes(this.calls.errno())) return sent;
      if (this.#uncut.size >= MOST_UNCUT) this.#uncut.clear();
      this.#uncut.add(to.address);
    }
    return this.#sendPieces(fd, { run, to, each: 1 });
  }

  /**
   * Sends pieces to one place, from one of them on and 64 at most, as far as the kernel takes them now.
   * @returns how many it took
   */
  sendEach(fd: number, pieces: Pieces & { readonly from: number }, to: Place): number {
    const { memory, stride, lengths, from } = pieces;
    const count = Math.min(COUNT, pieces.count - from);
    const base = this.#places.of(memory.buffer) + memory.byteOffset;
    for (let at = 0; at < count; at += 1) {
      const length = lengths[from + at] ?? 0;
      const offset = (from + at) * stride;
      if (offset < 0 || offset + length > memory.length) {
        throw new RangeError(
          `Cannot send ${length} bytes from ${offset}: there are ${memory.length}`,
        );
      }
      this.#out.setName(at, to);
      this.#out.setBody(at, base + offset, length);
      this.#out.setSegment(at, 0);
    }
    return count <= 0 ? 0 : Math.max(0, this.calls.send(fd, this.#out.bytes, count, MSG_DONTWAIT));
  }

  /** Where a datagram lies, or its copy for message `at` of a call. */
  #memoryOf(bytes: Uint8Array, at: number): number {
    if (bytes.length > COPIED) return this.#places.of(bytes.buffer) + bytes.byteOffset;
    this.#copies.set(bytes, at * COPIED);
    return this.#copiesAt + at * COPIED;
  }

  #sendPieces(
    fd: number,
    { run, to, each }: { readonly run: Run; readonly to: Place; readonly each: number },
  ): number {
    const { memory, offset, length, stride } = run;
    const base = this.#places.of(memory) + offset;
    const piece = each * stride;
    const count = Math.min(COUNT, Math.ceil(length / piece));
    for (let at = 0; at < count; at += 1) {
      const bytes = Math.min(piece, length - at * piece);
      this.#out.setName(at, to);
      this.#out.setBody(at, base + at * piece, bytes);
      this.#out.setSegment(at, bytes > stride ? stride : 0);
    }
    const taken = Math.max(0, this.calls.send(fd, this.#out.bytes, count, MSG_DONTWAIT));
    return Math.min(taken * each, Math.ceil(length / stride));
  }
}

function segmentsOf(stride: number): number {
  return Math.max(1, Math.min(MOST_SEGMENTS, Math.floor(MOST_BYTES / stride)));
}
