// Reads the content of a layer's files. Most are short and follow each other: they are read many at once.
import { type FileHandle, open } from 'node:fs/promises';
import { layerFiles } from './layer-files.ts';

const PIECE = 1 << 20;
/** So much is read where the last read tells nothing of the next: files of an archive may come in any order. */
const FIRST_PIECE = 1 << 14;

type Window = { readonly start: number; readonly bytes: Buffer };

/** The data of one layer. Opened by the first read; `close` lets go. */
export class LayerData {
  readonly #path: string;
  #file: Promise<FileHandle> | undefined;
  #window: Window = { start: 0, bytes: Buffer.alloc(0) };

  /** @param folder of the layer */
  constructor(folder: string) {
    this.#path = layerFiles(folder).data;
  }

  /** `length` bytes from a place on. @throws {Error} if the file is too short, or cannot be read */
  async *read(start: number, length: number): AsyncGenerator<Buffer> {
    for (let at = start; at < start + length; ) {
      const part = await this.#at(at, start + length - at);
      yield part;
      at += part.length;
    }
  }

  async close(): Promise<void> {
    const file = this.#file;
    this.#file = undefined;
    await (await file?.catch(() => undefined))?.close();
  }

  /** At least one byte from there on, and `most` at most. */
  async #at(place: number, most: number): Promise<Buffer> {
    let window = this.#window;
    if (place < window.start || place >= window.start + window.bytes.length) {
      const end = window.start + window.bytes.length;
      const isNext = place >= end && place < end + PIECE;
      window = await this.#windowAt(place, isNext ? PIECE : Math.max(FIRST_PIECE, most));
      this.#window = window;
    }
    const from = place - window.start;
    return window.bytes.subarray(from, from + most);
  }

  async #windowAt(place: number, wanted: number): Promise<Window> {
    this.#file ??= open(this.#path);
    const length = Math.min(PIECE, wanted);
    const piece = Buffer.allocUnsafe(length);
    const { bytesRead } = await (await this.#file).read(piece, 0, length, place);
    if (bytesRead === 0) throw new Error(`Cannot read ${this.#path}: it ends before byte ${place}`);
    return { start: place, bytes: piece.subarray(0, bytesRead) };
  }
}
