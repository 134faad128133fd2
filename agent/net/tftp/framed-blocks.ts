/**
 * Which blocks of a transfer leave as frames (`ffi/frames/client-frames.ts`). What is sent again leaves as a datagram, and so does all behind it in that
 * transfer: whatever keeps frames from a client (a rule of nftables, another card at its address) costs it one block that is late.
 */
import { opcodes } from '../../protocol/tftp/packet.ts';
import type { ClientFrames, ClientWay } from '../ffi/frames/client-frames.ts';
import type { Place } from '../ffi/place.ts';

/** By then the kernel knows the card of a client on this cable. */
const AFTER_BLOCKS = 4;
/** Addresses that are remembered. */
const MOST_DEAF = 4096;

/** Addresses whose machines acknowledged no frame: they are sent none. */
export class DeafMachines {
  readonly #addresses = new Set<string>();

  /** Has not acknowledged the first frame that it was sent. */
  add(address: string): void {
    if (this.#addresses.size >= MOST_DEAF) this.#addresses.clear();
    this.#addresses.add(address);
  }

  /** Has that address been added? */
  has(address: string): boolean {
    return this.#addresses.has(address);
  }
}

type Ends = {
  readonly frames: Pick<ClientFrames, 'takes' | 'wayTo'>;
  readonly from: Place;
  readonly to: Place;
  readonly deaf: DeafMachines;
};

/** Of one transfer. */
export class FramedBlocks {
  readonly #ends: Ends;
  #way: ClientWay | undefined;
  #isOver: boolean;
  #blocks = 0;
  #framed = 0;
  /** as it is on the wire */
  #last = -1;

  constructor(ends: Ends) {
    this.#ends = ends;
    this.#isOver = ends.from.address === '0.0.0.0' || ends.deaf.has(ends.to.address);
  }

  /** To be asked for each packet that is sent alone. @returns undefined where it is to be a datagram */
  wayOf(packet: Uint8Array): ClientWay | undefined {
    if (this.#isOver || packet[1] !== opcodes.data) return undefined;
    const block = ((packet[2] ?? 0) << 8) | (packet[3] ?? 0);
    if (block === this.#last) {
      this.#giveUp();
      return undefined;
    }
    this.#last = block;
    this.#blocks += 1;
    if (this.#blocks <= AFTER_BLOCKS || !this.#ends.frames.takes(packet)) return undefined;
    this.#way ??= this.#ends.frames.wayTo(this.#ends.from, this.#ends.to);
    if (this.#way === undefined) this.#isOver = true;
    else this.#framed += 1;
    return this.#way;
  }

  #giveUp(): void {
    this.#isOver = true;
    if (this.#framed === 1) this.#ends.deaf.add(this.#ends.to.address);
  }
}
