// Batches on their way to the writer's thread. The server says the same few statements over and over: their text travels once, and from
// then on its number does, which is cheaper on both sides.
import type { Statement, Write } from '../statements.ts';

/** A statement: its text, which is then known by the next number, or that number; behind it the values for its places. */
export type PackedStatement = readonly [text: string | number, ...parameters: unknown[]];

/** As `Write[]`. */
export type PackedBatch = readonly (readonly PackedStatement[])[];

/** What is made for one occasion finds no place. Both ends count alike, so that each knows the numbers of the other. */
const MOST_TEXTS = 200;

/** The end of the server. One for each thread: a new thread knows no text. */
export class BatchPacker {
  readonly #numbers = new Map<string, number>();

  /** What `BatchUnpacker` makes the same batch of, if it gets all that is packed here, in this order. */
  pack(batch: readonly Write[]): PackedBatch {
    return batch.map((write) =>
      write.map(({ sql, parameters }): PackedStatement => [this.#numberOf(sql), ...parameters]),
    );
  }

  #numberOf(text: string): string | number {
    const known = this.#numbers.get(text);
    if (known !== undefined) return known;
    if (this.#numbers.size < MOST_TEXTS) this.#numbers.set(text, this.#numbers.size);
    return text;
  }
}

/** The end of the thread. */
export class BatchUnpacker {
  readonly #texts: string[] = [];

  /** @throws {RangeError} for a number that was given to no text */
  unpack(packed: PackedBatch): Write[] {
    return packed.map((write) =>
      write.map(([text, ...parameters]): Statement => ({ sql: this.#textOf(text), parameters })),
    );
  }

  #textOf(text: string | number): string {
    if (typeof text === 'string') {
      if (this.#texts.length < MOST_TEXTS) this.#texts.push(text);
      return text;
    }
    const known = this.#texts[text];
    if (known === undefined) throw new RangeError(`Cannot write statement ${text}: nobody said it`);
    return known;
  }
}
