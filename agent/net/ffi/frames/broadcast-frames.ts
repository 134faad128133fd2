/**
 * Datagrams to everybody on an interface, as frames: a datagram to everybody looks for its route and is given to this machine too, which takes
 * twice the time.
 */
import { DATAGRAM_HEAD, DatagramHead } from '../../../protocol/ethernet/datagram-head.ts';
import { MOST_DATAGRAMS, type Pieces } from '../datagram-batches.ts';
import { MemoryPlaces } from '../memory-places.ts';
import { HEADER, IOV, lasting, writeAddress } from '../message-headers.ts';
import type { Place } from '../place.ts';
import type { SystemCalls } from '../system-calls.ts';
import { frameName, openFrameSocket } from './frame-socket.ts';
import { LINK_ADDRESS } from './link-address.ts';

const MSG_DONTWAIT = 0x40;
const COUNT = MOST_DATAGRAMS;
const EVERY_CARD = new Uint8Array(6).fill(0xff);

/** From where and whither all of them go, and through which interface, by its number. */
export type FrameWay = { readonly index: number; readonly from: Place; readonly to: Place };

/** As its calls: what a datagram needs before it is a frame. */
type Calls = Pick<SystemCalls, 'send' | 'addressOf' | 'close'>;

/** @returns undefined where this process may not have such a socket, or the interface is not one of Ethernet */
export function openBroadcastFrames(
  calls: SystemCalls,
  name: string,
  ends: Omit<FrameWay, 'index'>,
): BroadcastFrames | undefined {
  const socket = openFrameSocket(calls, name);
  if (socket === undefined) return undefined;
  return new BroadcastFrames(calls, socket.fd, { ...ends, index: socket.index });
}

/** Such a socket, and memory for what its calls are told. */
export class BroadcastFrames {
  readonly #calls: Calls;
  readonly #fd: number;
  readonly #head: DatagramHead;
  readonly #headers = lasting(COUNT * HEADER);
  readonly #bodies = lasting(COUNT * IOV);
  readonly #name: Buffer;
  readonly #places: MemoryPlaces;

  constructor(calls: Calls, fd: number, { index, from, to }: FrameWay) {
    this.#calls = calls;
    this.#fd = fd;
    this.#places = new MemoryPlaces(calls.addressOf);
    this.#head = new DatagramHead(from, to);
    this.#name = frameName(index, EVERY_CARD);
    const [name, bodies] = [calls.addressOf(this.#name), calls.addressOf(this.#bodies)];
    for (let at = 0; at < COUNT; at += 1) {
      writeAddress(this.#headers, at * HEADER, name);
      this.#headers.writeUInt32LE(LINK_ADDRESS, at * HEADER + 8);
      writeAddress(this.#headers, at * HEADER + 16, bodies + at * IOV);
      this.#headers.writeUInt32LE(1, at * HEADER + 24);
    }
  }

  /**
   * Sends datagrams, as far as the kernel takes them now. Each lies behind {@link DATAGRAM_HEAD} bytes of the memory, which are for its
   * headers.
   * @returns how many it took, from the first on
   */
  send(pieces: Pieces): number {
    let sent = 0;
    while (sent < pieces.count) {
      const taken = this.#sendSome(pieces, sent);
      if (taken <= 0) break;
      sent += taken;
    }
    return sent;
  }

  /** The interface has another number now: it was made anew. */
  follow(index: number): void {
    frameName(index, EVERY_CARD).copy(this.#name);
  }

  /** Nothing is sent any more. */
  close(): void {
    this.#calls.close(this.#fd);
  }

  #sendSome({ memory, stride, lengths, count }: Pieces, from: number): number {
    const some = Math.min(COUNT, count - from);
    const base = this.#places.of(memory.buffer) + memory.byteOffset;
    for (let at = 0; at < some; at += 1) {
      const length = lengths[from + at] ?? 0;
      const offset = (from + at) * stride;
      const whole = DATAGRAM_HEAD + length;
      if (offset + whole > memory.length) {
        throw new RangeError(
          `Cannot send ${whole} bytes from ${offset}: there are ${memory.length}`,
        );
      }
      this.#head.write(memory, offset, length);
      writeAddress(this.#bodies, at * IOV, base + offset);
      this.#bodies.writeUInt32LE(whole, at * IOV + 8);
    }
    return this.#calls.send(this.#fd, this.#headers, some, MSG_DONTWAIT);
  }
}
