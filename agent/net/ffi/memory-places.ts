/** Where memory lies that datagrams are sent from: it is found out once for each piece. */
import type { SystemCalls } from './system-calls.ts';

/** For memory that V8 does not move: no array of up to 64 bytes. */
export class MemoryPlaces {
  readonly #addressOf: SystemCalls['addressOf'];
  readonly #known = new WeakMap<ArrayBufferLike, number>();

  constructor(addressOf: SystemCalls['addressOf']) {
    this.#addressOf = addressOf;
  }

  /** @returns the address of its first byte, valid while somebody has it */
  of(memory: ArrayBufferLike): number {
    const known = this.#known.get(memory);
    if (known !== undefined) return known;
    const place = this.#addressOf(Buffer.from(memory));
    this.#known.set(memory, place);
    return place;
  }
}
