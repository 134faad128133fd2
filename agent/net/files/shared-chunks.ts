/**
 * Chunks of files, shared by the transfers that ask for the same: a rack that powers up reads each file once. Those used last are
 * kept, up to a number of bytes. Nobody writes to what is kept.
 */

/** A promise until it is there: what is in memory has to be at hand without a turn of the event loop. */
type Chunk<Content> = { readonly bytes: number; content: Content | Promise<Content> };

/** The chunks of all files of a server, in the form in which it sends them. */
export class SharedChunks<Content> {
  readonly #mostBytes: number;
  /** A Map keeps its order: the first one was used longest ago. */
  readonly #chunks = new Map<string, Chunk<Content>>();
  #bytes = 0;

  constructor(mostBytes: number) {
    this.#mostBytes = mostBytes;
  }

  /** @param key names content and form; `bytes` is the memory that it takes. `read` is called where no such chunk is kept */
  get(key: string, bytes: number, read: () => Promise<Content>): Content | Promise<Content> {
    const known = this.#chunks.get(key);
    if (known) {
      this.#chunks.delete(key);
      this.#chunks.set(key, known);
      return known.content;
    }
    const content = read();
    const chunk: Chunk<Content> = { bytes, content };
    this.#chunks.set(key, chunk);
    this.#bytes += bytes;
    this.#forgetOldest();
    const keep = (made: Content) => {
      chunk.content = made;
    };
    content.then(keep, () => this.#forget(key, chunk));
    return content;
  }

  #forgetOldest(): void {
    for (const [key, chunk] of this.#chunks) {
      if (this.#bytes <= this.#mostBytes) return;
      this.#forget(key, chunk);
    }
  }

  #forget(key: string, chunk: Chunk<Content>): void {
    if (this.#chunks.get(key) !== chunk) return;
    this.#chunks.delete(key);
    this.#bytes -= chunk.bytes;
  }
}
