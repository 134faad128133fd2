// Bytes that come in pieces of any length, taken in the lengths that a format has.
import { TarError } from './tar-error.ts';

/** Reads a stream from its beginning to its end, once. */
export class ByteSource {
  readonly #chunks: AsyncIterator<Uint8Array>;
  #rest: Buffer = Buffer.alloc(0);

  constructor(chunks: AsyncIterable<Uint8Array>) {
    this.#chunks = chunks[Symbol.asyncIterator]();
  }

  /**
   * Exactly `length` bytes; undefined at the end of the stream.
   * @throws {TarError} if the stream ends within them
   */
  async take(length: number): Promise<Buffer | undefined> {
    if (this.#rest.length >= length) return this.#cut(length);
    const parts: Buffer[] = [];
    for (let missing = length; missing > 0; ) {
      const part = await this.takeSome(missing);
      if (part === undefined) {
        if (missing === length) return undefined;
        throw new TarError('it ends too early');
      }
      missing -= part.length;
      parts.push(part);
    }
    return Buffer.concat(parts);
  }

  /** At least one byte and at most `most`, which is not 0; undefined at the end of the stream. */
  async takeSome(most: number): Promise<Buffer | undefined> {
    while (this.#rest.length === 0) {
      const next = await this.#chunks.next();
      if (next.done === true) return undefined;
      const { buffer, byteOffset, length } = next.value;
      this.#rest = Buffer.from(buffer, byteOffset, length);
    }
    return this.#cut(most);
  }

  #cut(most: number): Buffer {
    const part = this.#rest.subarray(0, most);
    this.#rest = this.#rest.subarray(part.length);
    return part;
  }
}
