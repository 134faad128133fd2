/**
 * Chunks of files, framed as DATA packets and shared by the transfers that ask for the same: a rack that powers up
 * reads each file once. Those used last are kept, up to a number of bytes.
 */

/** DATA packets, one after the other. */
export type FramedChunk = readonly Uint8Array[];

/** A promise until it is there: what is in memory has to be at hand without a turn of the event loop. */
type Content = FramedChunk | Promise<FramedChunk>;

type Chunk = { readonly bytes: number; content: Content };

/** The chunks of all files of a server. */
export class TftpChunks {
  readonly #mostBytes: number;
  /** A Map keeps its order: the first one was used longest ago. */
  readonly #chunks = new Map<string, Chunk>();
  #bytes = 0;

  constructor(mostBytes: number) {
    this.#mostBytes = mostBytes;
  }

  /** @param key names content and framing; `read` is called where no such chunk is kept, and gives `bytes` bytes */
  get(key: string, bytes: number, read: () => Promise<FramedChunk>): Content {
    const known = this.#chunks.get(key);
    if (known) {
      this.#chunks.delete(key);
      this.#chunks.set(key, known);
      return known.content;
    }
    const content = read();
    const chunk: Chunk = { bytes, content };
    this.#chunks.set(key, chunk);
    this.#bytes += bytes;
    this.#forgetOldest();
    const keep = (framed: FramedChunk) => {
      chunk.content = framed;
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

  #forget(key: string, chunk: Chunk): void {
    if (this.#chunks.get(key) !== chunk) return;
    this.#chunks.delete(key);
    this.#bytes -= chunk.bytes;
  }
}
