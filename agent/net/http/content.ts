/** What an HTTP response sends: the bytes of a file, or bytes that were made, with their size and name. */
import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import type { FoundFile } from '../../handlers/files/find-file.ts';
import type { ByteRange } from '../../protocol/http/byte-range.ts';
import { fileVersion } from '../files/file-version.ts';
import type { SharedChunks } from '../files/shared-chunks.ts';

/** What was found to send. */
export type Served = Extract<FoundFile, { readonly kind: 'file' | 'bytes' }>;

/** All that waits in memory for a client that does not read, but for what the kernel has of it. */
const CHUNK_BYTES = 1 << 18;

const ANY_BYTES = 'application/octet-stream';

/** Parts of files, whose key has the entity tag. */
export type FileChunks = SharedChunks<Uint8Array>;

type OpenFile = { readonly handle: FileHandle; readonly chunks: FileChunks };

type Named = { readonly size: number; readonly tag: string; readonly type?: string | undefined };

/** Opened content, to be closed once. */
export class HttpContent {
  /** Bytes in all. */
  readonly size: number;
  /** Entity tag with its quotes: another one for other content. */
  readonly tag: string;
  /** As HTTP names it. */
  readonly type: string;
  readonly #source: OpenFile | Uint8Array;

  private constructor(source: OpenFile | Uint8Array, { size, tag, type = ANY_BYTES }: Named) {
    this.#source = source;
    this.size = size;
    this.tag = tag;
    this.type = type;
  }

  /** @throws where the file cannot be opened, or is no regular file */
  static async open(served: Served, chunks: FileChunks): Promise<HttpContent> {
    if (served.kind === 'bytes') return HttpContent.#ofBytes(served);
    const handle = await open(served.path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      return await HttpContent.#ofFile({ handle, chunks }, served);
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
    file: OpenFile,
    { path, type }: Extract<Served, { kind: 'file' }>,
  ): Promise<HttpContent> {
    const stat = await file.handle.stat({ bigint: true });
    if (!stat.isFile()) throw new Error(`Cannot send ${path}: it is no regular file`);
    const tag = `"${fileVersion(path, stat)}"`;
    return new HttpContent(file, { size: Number(stat.size), tag, type });
  }

  /**
   * Parts that others may be sent, too: nobody writes to them.
   * @throws where the disk fails, or the file became shorter since it was opened
   */
  async *read({ first, last }: ByteRange): AsyncGenerator<Uint8Array> {
    if (this.#source instanceof Uint8Array) {
      yield this.#source.subarray(first, last + 1);
      return;
    }
    const { handle, chunks } = this.#source;
    for (let at = first; at <= last; ) {
      const start = at - (at % CHUNK_BYTES);
      const end = Math.min(start + CHUNK_BYTES, this.size);
      const length = Math.min(end, last + 1) - at;
      const from = at;
      const read = () => readPart(handle, from, length);
      // Who asks for few bytes makes the server read few, and takes nobody's place in memory.
      const isWhole = length === end - start;
      yield await (isWhole ? chunks.get(`${this.tag} ${start}`, length, read) : read());
      at += length;
    }
  }

  /** Closes the file. */
  async close(): Promise<void> {
    if (this.#source instanceof Uint8Array) return;
    // What fails here has been read already.
    await this.#source.handle.close().catch(() => undefined);
  }
}

async function readPart(handle: FileHandle, start: number, length: number): Promise<Uint8Array> {
  const part = Buffer.allocUnsafeSlow(length);
  for (let has = 0; has < length; ) {
    const { bytesRead } = await handle.read(part, has, length - has, start + has);
    if (bytesRead === 0) {
      throw new Error('Cannot read a file to its end: it became shorter while it was sent');
    }
    has += bytesRead;
  }
  return part;
}
