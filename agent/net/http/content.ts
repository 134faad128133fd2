/** What an HTTP response sends: the bytes of a file, or bytes that were made, with their size and name. */
import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import type { FoundFile } from '../../handlers/files/find-file.ts';
import type { ByteRange } from '../../protocol/http/byte-range.ts';

/** What was found to send. */
export type Served = Extract<FoundFile, { readonly kind: 'file' | 'bytes' }>;

/** All that waits in memory for a client that does not read. */
const CHUNK_BYTES = 1 << 18;

const ANY_BYTES = 'application/octet-stream';

type Named = { readonly size: number; readonly tag: string; readonly type?: string | undefined };

/** Opened content, to be closed once. */
export class HttpContent {
  /** Bytes in all. */
  readonly size: number;
  /** Entity tag with its quotes: another one for other content. */
  readonly tag: string;
  /** As HTTP names it. */
  readonly type: string;
  readonly #source: FileHandle | Uint8Array;

  private constructor(source: FileHandle | Uint8Array, { size, tag, type = ANY_BYTES }: Named) {
    this.#source = source;
    this.size = size;
    this.tag = tag;
    this.type = type;
  }

  /** @throws where the file cannot be opened, or is no regular file */
  static async open(served: Served): Promise<HttpContent> {
    if (served.kind === 'bytes') return HttpContent.#ofBytes(served);
    const handle = await open(served.path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      return await HttpContent.#ofFile(handle, served);
    } catch (reason) {
      await handle.close();
      throw reason;
    }
  }

  static #ofBytes({ bytes, type }: Extract<Served, { kind: 'bytes' }>): HttpContent {
    const digest = createHash('sha256').update(bytes).digest('hex').slice(0, 32);
    return new HttpContent(bytes, { size: bytes.length, tag: `"${digest}"`, type });
  }

  static async #ofFile(
    handle: FileHandle,
    { path, type }: Extract<Served, { kind: 'file' }>,
  ): Promise<HttpContent> {
    const stat = await handle.stat({ bigint: true });
    if (!stat.isFile()) throw new Error(`Cannot send ${path}: it is no regular file`);
    // Files of images have one date whatever they hold: inode and ctime tell them apart.
    const parts = [stat.dev, stat.ino, stat.size, stat.mtimeNs, stat.ctimeNs];
    const tag = `"${parts.map((part) => part.toString(36)).join('-')}"`;
    return new HttpContent(handle, { size: Number(stat.size), tag, type });
  }

  /**
   * Each part lies where the one before lay: it has to be sent before the next one is asked for.
   * @throws where the disk fails, or the file became shorter since it was opened
   */
  async *read({ first, last }: ByteRange): AsyncGenerator<Uint8Array> {
    if (this.#source instanceof Uint8Array) {
      yield this.#source.subarray(first, last + 1);
      return;
    }
    const buffer = Buffer.allocUnsafeSlow(Math.min(CHUNK_BYTES, last - first + 1));
    for (let at = first; at <= last; ) {
      const wanted = Math.min(buffer.length, last + 1 - at);
      const { bytesRead } = await this.#source.read(buffer, 0, wanted, at);
      if (bytesRead === 0) {
        throw new Error('Cannot read a file to its end: it became shorter while it was sent');
      }
      yield buffer.subarray(0, bytesRead);
      at += bytesRead;
    }
  }

  /** Closes the file. */
  async close(): Promise<void> {
    if (this.#source instanceof Uint8Array) return;
    // What fails here has been read already.
    await this.#source.close().catch(() => undefined);
  }
}
