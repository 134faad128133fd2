/**
 * Datagrams to everybody on an interface, as frames: the kernel looks for no route and gives none of them back to this machine, so that
 * they take half of its time. It writes the Ethernet header itself: bridges and VLANs do with them as with all others, and
 * tcpdump(8) on this machine sees them. Numbers by Linux (packet(7), linux/if_packet.h, linux/if_ether.h).
 */
import { DATAGRAM_HEAD, DatagramHead } from '../../protocol/ethernet/datagram-head.ts';
import { MOST_DATAGRAMS, type Pieces } from './datagram-batches.ts';
import { indexBy, macBy } from './interface-facts.ts';
import { HEADER, IOV, lasting, writeAddress } from './message-headers.ts';
import type { Place } from './place.ts';
import type { SystemCalls } from './system-calls.ts';

const AF_PACKET = 17;
/** SOCK_DGRAM, for which the kernel writes the Ethernet header, with SOCK_CLOEXEC. */
const TYPE = 2 | 0o2000000;
/** It hears nothing. */
const NO_PROTOCOL = 0;
const ETH_P_IP = 0x0800;
/** struct sockaddr_ll */
const NAME = 20;
const MAC_LENGTH = 6;
const MSG_DONTWAIT = 0x40;
const COUNT = MOST_DATAGRAMS;

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
  const index = indexBy(calls, name);
  if (index === undefined || macBy(calls, name) === undefined) return undefined;
  const fd = calls.socket(AF_PACKET, TYPE, NO_PROTOCOL);
  return fd < 0 ? undefined : new BroadcastFrames(calls, fd, { ...ends, index });
}

/** Such a socket, and memory for what its calls are told. */
export class BroadcastFrames {
  readonly #calls: Calls;
  readonly #fd: number;
  readonly #head: DatagramHead;
  readonly #headers = lasting(COUNT * HEADER);
  readonly #bodies = lasting(COUNT * IOV);
  readonly #name = lasting(NAME);
  readonly #places = new WeakMap<ArrayBufferLike, number>();

  constructor(calls: Calls, fd: number, { index, from, to }: FrameWay) {
    this.#calls = calls;
    this.#fd = fd;
    this.#head = new DatagramHead(from, to);
    this.#name.writeUInt16LE(AF_PACKET, 0);
    this.#name.writeUInt16BE(ETH_P_IP, 2);
    this.#name.writeInt32LE(index, 4);
    this.#name[11] = MAC_LENGTH;
    this.#name.fill(0xff, 12, 12 + MAC_LENGTH);
    const [name, bodies] = [calls.addressOf(this.#name), calls.addressOf(this.#bodies)];
    for (let at = 0; at < COUNT; at += 1) {
      writeAddress(this.#headers, at * HEADER, name);
      this.#headers.writeUInt32LE(NAME, at * HEADER + 8);
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

  /** Nothing is sent any more. */
  close(): void {
    this.#calls.close(this.#fd);
  }

  #sendSome({ memory, stride, lengths, count }: Pieces, from: number): number {
    const some = Math.min(COUNT, count - from);
    const base = this.#placeOf(memory.buffer) + memory.byteOffset;
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

  #placeOf(memory: ArrayBufferLike): number {
    const known = this.#places.get(memory);
    if (known !== undefined) return known;
    const place = this.#calls.addressOf(Buffer.from(memory));
    this.#places.set(memory, place);
    return place;
  }
}
