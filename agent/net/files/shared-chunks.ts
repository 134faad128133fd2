/**
 * Chunks of files, shared by the transfers that ask for the same: a rack that powers up reads each file once. Those used last are
 * kept, up to a number of bytes. Nobody writes to what is kept.
 */

type Chunk<Content> = { readonly bytes: number; readonly content: Promise<Content> };

/** The chunks of all files of a server, in the form in which it sends them. */
export class SharedChunks<Content> {
  readonly #mostBytes: number;
  /** A Map keeps its order: the first one was used longest ago. */
  readonly #chunks = new Map<string, Chunk<Content>>();
  #bytes = 0;

  constructor(mostBytes: number) {
    this.#mostBytes = mostBytes;
  }

  /** @param key names content and form; `read` is called where no such chunk is kept, and gives `bytes` bytes */
  get(key: string, bytes: number, read: () => Promise<Content>): Promise<Content> {
    const known = this.#chunks.get(key);
    if (known) {
      this.#chunks.delete(key);
      this.#chunks.set(key, known);
      return known.content;
    }
    const chunk = { bytes, content: read() };
    this.#chunks.set(key, chunk);
    this.#bytes += bytes;
    this.#forgetOldest();
    chunk.content.catch(() => this.#forget(key, chunk));
    return chunk.content;
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
