// Writes the content of a layer's files into one file, each from the beginning of a block, in large pieces.
import type { FileHandle } from 'node:fs/promises';
import type { ByteSource } from './tar/byte-source.ts';
import { TarError } from './tar/tar-error.ts';

const PIECE = 1 << 20;
/** So many bytes go to the disk while more are on their way. */
const FLUSH = 64 << 20;

/** Made for one layer; `end` comes last. */
export class DataWriter {
  readonly #file: FileHandle;
  /** one is filled, and one being written */
  #piece: Buffer = Buffer.allocUnsafe(PIECE);
  #other: Buffer = Buffer.allocUnsafe(PIECE);
  /** bytes of the piece that are filled */
  #filled = 0;
  /** where the piece begins in the file */
  #start = 0;
  #writing: Promise<unknown> = Promise.resolve();
  #unflushed = 0;
  #flushing: Promise<unknown> = Promise.resolve();

  constructor(file: FileHandle) {
    this.#file = file;
  }

  /** Takes `length` bytes of a source to a place that is not before what was written. @throws {TarError} if they are not there */
  async take(source: ByteSource, { at, length }: { readonly at: number; readonly length: number }) {
    await this.#moveTo(at);
    for (let missing = length; missing > 0; ) {
      const part = await source.takeSome(Math.min(missing, PIECE));
      if (part === undefined) throw new TarError('it ends too early');
      missing -= part.length;
      await this.#add(part);
    }
  }

  /** Writes all, so that it is on the disk for good. @param size of the file; bytes that were not written are zero */
  async end(size: number): Promise<void> {
    await this.#write();
    await this.#writing;
    await this.#file.truncate(size);
    await this.#flushing;
    await this.#file.datasync();
  }

  #at(): number {
    return this.#start + this.#filled;
  }

  /** Short gaps are filled with zeros, others stay holes. */
  async #moveTo(at: number): Promise<void> {
    const gap = at - this.#at();
    if (gap <= PIECE - this.#filled) {
      this.#piece.fill(0, this.#filled, this.#filled + gap);
      this.#filled += gap;
      return;
    }
    await this.#write();
    this.#start = at;
  }

  async #add(part: Buffer): Promise<void> {
    for (let rest = part; rest.length > 0; ) {
      if (this.#filled === PIECE) await this.#write();
      const copied = rest.copy(this.#piece, this.#filled);
      this.#filled += copied;
      rest = rest.subarray(copied);
    }
  }

  /** One piece is being written while the next one is filled. */
  async #write(): Promise<void> {
    const [piece, start] = [this.#piece.subarray(0, this.#filled), this.#start];
    this.#start += this.#filled;
    this.#filled = 0;
    if (piece.length === 0) return;
    await this.#writing;
    [this.#piece, this.#other] = [this.#other, this.#piece];
    this.#writing = writeAll(this.#file, piece, start);
    this.#writing.catch(() => undefined);
    this.#unflushed += piece.length;
    if (this.#unflushed < FLUSH) return;
    this.#unflushed = 0;
    await this.#flushing;
    this.#flushing = this.#writing.then(() => this.#file.datasync());
    this.#flushing.catch(() => undefined);
  }
}

async function writeAll(file: FileHandle, piece: Buffer, start: number): Promise<void> {
  for (let done = 0; done < piece.length; ) {
    const { bytesWritten } = await file.write(piece, done, piece.length - done, start + done);
    done += bytesWritten;
  }
}
