/**
 * The DATA packets of one file. Content is read a chunk of blocks at a time, one chunk ahead of the client; a transfer
 * holds three chunks whatever the file's size.
 */
import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import type { TftpAnswer } from '../../protocol/tftp/exchange.ts';
import type { TransferTerms } from '../../protocol/tftp/options.ts';
import { fileVersion } from '../files/file-version.ts';
import type { SharedChunks } from '../files/shared-chunks.ts';
import { ChunkFrame, type FramedChunk } from './framed-chunk.ts';

type Served = Exclude<TftpAnswer, { readonly kind: 'refuse' }>;

/** `version` names the content: a file that is written anew is another one. */
type OpenFile = { readonly handle: FileHandle; readonly version: string };

const chunkBytes = 65_536;
/** Two windows, with room: a chunk of blocks of 8 bytes would be objects above all. */
const mostBlocks = 256;
/** Of memory, beside its bytes: its header, and the object that is its place in the chunk. */
const bytesOfABlock = 160;

/** The packets of one file, for one transfer. */
export class TftpContent {
  readonly size: number;
  readonly #served: Served;
  readonly #file: OpenFile | undefined;
  readonly #shared: SharedChunks<FramedChunk>;
  readonly #chunks = new Map<number, Promise<void> | FramedChunk>();
  #blockSize = 512;
  #chunkBlocks = 128;
  #isClosed = false;

  private constructor(served: Served, shared: SharedChunks<FramedChunk>, file?: OpenFile) {
    this.#served = served;
    this.#shared = shared;
    this.#file = file;
    this.size = served.kind === 'file' ? served.size : served.bytes.length;
  }

  /** @throws where the file cannot be opened, or is no regular file of the size that was promised */
  static async open(served: Served, shared: SharedChunks<FramedChunk>): Promise<TftpContent> {
    if (served.kind === 'bytes') return new TftpContent(served, shared);
    const handle = await open(served.path, constants.O_RDONLY | constants.O_NONBLOCK);
    const stat = await handle.stat({ bigint: true });
    if (stat.isFile() && Number(stat.size) === served.size) {
      const version = fileVersion(served.path, stat);
      return new TftpContent(served, shared, { handle, version });
    }
    await handle.close();
    throw new Error(`Cannot serve ${served.path}: expected a file of ${served.size} bytes`);
  }

  /** To be called once, before any packet is asked for. */
  settle(terms: TransferTerms): void {
    this.#blockSize = terms.blockSize;
    const wanted = Math.max(Math.ceil(chunkBytes / terms.blockSize), 2 * terms.windowSize);
    this.#chunkBlocks = Math.min(wanted, mostBlocks);
  }

  /** The packet of `block`, counted from 1, if it is in memory. */
  packet(block: number): Uint8Array | undefined {
    const chunk = this.#chunks.get(this.#chunkOf(block));
    if (!chunk || chunk instanceof Promise) return undefined;
    return chunk[(block - 1) % this.#chunkBlocks];
  }

  /**
   * Reads what `from` to `to` need, starts to read the chunk behind, and forgets what lies before.
   * @throws where the disk fails, or the file is closed: what is not there then never comes, and need not be asked for again
   */
  async load(from: number, to: number): Promise<void> {
    const first = this.#chunkOf(from);
    const last = this.#chunkOf(to);
    for (const index of this.#chunks.keys()) if (index < first) this.#chunks.delete(index);
    for (let index = first; index <= last; index++) {
      // What fails for want of the file would fail for those who share the chunk, too.
      if (this.#isClosed) throw new Error('Cannot read a file that is closed');
      await this.#read(index);
    }
    this.readAhead(to);
  }

  /** Starts to read the chunk behind `block`; an error comes up when that chunk is needed. */
  readAhead(block: number): void {
    if (this.#isClosed) return;
    const next = this.#chunkOf(block) + 1;
    if (next * this.#chunkBlocks * this.#blockSize > this.size || this.#chunks.has(next)) return;
    for (const index of this.#chunks.keys()) if (index < next - 2) this.#chunks.delete(index);
    this.#read(next).catch(() => this.#chunks.delete(next));
  }

  /** Closes the file; nothing is read any more. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#chunks.clear();
    await this.#file?.handle.close();
  }

  #chunkOf(block: number): number {
    return Math.floor((block - 1) / this.#chunkBlocks);
  }

  #read(index: number): Promise<void> {
    const known = this.#chunks.get(index);
    if (known) return known instanceof Promise ? known : Promise.resolve();
    const framed = this.#framed(index);
    if (!(framed instanceof Promise)) {
      this.#chunks.set(index, framed);
      return Promise.resolve();
    }
    const reading = framed.then((packets) => {
      if (this.#chunks.get(index) === reading) this.#chunks.set(index, packets);
    });
    this.#chunks.set(index, reading);
    return reading;
  }

  #framed(index: number): FramedChunk | Promise<FramedChunk> {
    const start = index * this.#chunkBlocks * this.#blockSize;
    const length = Math.min(this.#chunkBlocks * this.#blockSize, this.size - start);
    if (this.#served.kind === 'bytes') {
      const frame = this.#frame(index, length);
      frame.content.set(this.#served.bytes.subarray(start, start + length));
      return frame.packets();
    }
    const key = `${this.#file?.version} ${this.#blockSize} ${this.#chunkBlocks} ${index}`;
    const bytes = length + Math.ceil(length / this.#blockSize) * bytesOfABlock;
    return this.#shared.get(key, bytes, () => this.#readInto(this.#frame(index, length), start));
  }

  async #readInto(frame: ChunkFrame, start: number): Promise<FramedChunk> {
    const { content } = frame;
    const { length } = content;
    const read =
      length === 0 ? undefined : await this.#file?.handle.read(content, 0, length, start);
    if (length === 0 || read?.bytesRead === length) return frame.packets();
    throw new Error('Cannot read a file to its end: it became shorter while it was sent');
  }

  /** Headers with room for `length` bytes of blocks; a block that ends the file is short, perhaps empty. */
  #frame(index: number, length: number): ChunkFrame {
    const full = Math.floor(length / this.#blockSize);
    const count = full === this.#chunkBlocks ? full : full + 1;
    const first = index * this.#chunkBlocks + 1;
    return new ChunkFrame({ first, blockSize: this.#blockSize }, { count, length });
  }
}
