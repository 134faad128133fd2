// Writes what the archive of a layer has beside the content of files: headers, names, padding. Compressed, for most of it is zeros.
import { createWriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import { constants, createZstdCompress } from 'node:zlib';
import type { Segment } from './layer-files.ts';

/** Thousands of headers go to the compressor at once: each time costs as much as compressing some. */
const PIECE = 1 << 18;

/** Made for one layer; `end` comes last, and `close` whatever happened. */
export class FrameWriter {
  readonly segments: Segment[] = [];
  readonly #stream = createZstdCompress({ params: { [constants.ZSTD_c_compressionLevel]: 1 } });
  readonly #done: Promise<void>;
  #piece: Buffer[] = [];
  #pieceBytes = 0;
  #kept = 0;

  constructor(path: string) {
    const file = createWriteStream(path, { flags: 'wx', mode: 0o600, flush: true });
    this.#done = finished(this.#stream.pipe(file));
    this.#stream.once('error', (reason) => file.destroy(reason));
    this.#done.catch(() => undefined);
  }

  /** Takes the next bytes; the promise is for whoever has more. */
  keep(bytes: Buffer): Promise<void> | void {
    this.#kept += bytes.length;
    this.#pieceBytes += bytes.length;
    // A copy: most of what it is a part of is content of files.
    this.#piece.push(Buffer.from(bytes));
    if (this.#pieceBytes >= PIECE) return this.#write();
  }

  /** The content of a file stands here. */
  skip(at: number, length: number): void {
    this.segments.push([this.#kept, at, length]);
    this.#kept = 0;
  }

  async end(): Promise<void> {
    if (this.#kept > 0) this.skip(0, 0);
    this.#stream.end(Buffer.concat(this.#piece));
    await this.#done;
  }

  close(): void {
    this.#stream.destroy();
  }

  async #write(): Promise<void> {
    const piece = Buffer.concat(this.#piece);
    this.#piece = [];
    this.#pieceBytes = 0;
    if (this.#stream.write(piece)) return;
    const drained = new Promise<void>((resolve) => this.#stream.once('drain', resolve));
    await Promise.race([drained, this.#done]);
  }
}
