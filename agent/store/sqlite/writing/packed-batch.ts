// Batches on their way to the writer's thread. The server says the same few statements over and over: their text travels once, and from
// then on its number does, which is cheaper on both sides. All of a batch is one list, since each list costs more than what is in it.
import type { Statement, Write } from '../statements.ts';

/**
 * As `Write[]`: how many statements a write has, and of each its text, which is then known by the next number, or that number; how many
 * values it has, and these.
 */
export type PackedBatch = readonly unknown[];

/** What is made for one occasion finds no place. Both ends count alike, so that each knows the numbers of the other. */
const MOST_TEXTS = 200;

/** The end of the server. One for each thread: a new thread knows no text. */
export class BatchPacker {
  readonly #numbers = new Map<string, number>();

  /** What `BatchUnpacker` makes the same batch of, if it gets all that is packed here, in this order. */
  pack(batch: readonly Write[]): PackedBatch {
    const packed: unknown[] = [];
    for (const write of batch) {
      packed.push(write.length);
      for (const { sql, parameters } of write) {
        packed.push(this.#numberOf(sql), parameters.length);
        for (const value of parameters) packed.push(value);
      }
    }
    return packed;
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
    const batch: Write[] = [];
    let at = 0;
    const next = () => {
      at += 1;
      return packed[at - 1];
    };
    while (at < packed.length) {
      const write = Array.from({ length: Number(next()) }, (): Statement => {
        const sql = this.#textOf(next() as string | number);
        const count = Number(next());
        at += count;
        return { sql, parameters: packed.slice(at - count, at) };
      });
      batch.push(write);
    }
    return batch;
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
