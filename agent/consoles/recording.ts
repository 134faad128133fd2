// What the console of one device said, on disk: a ring of a few files, each called by the place of its first byte in all that was
// ever said. The oldest file goes when there is one too many. Whatever a crash leaves, what was whole is read.
import { appendFile, mkdir, readdir, readFile, rm, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { decodeEntry, type Entry, encodeEntry, HEADER_BYTES, type Source } from './entry.ts';

/** How much is kept: files of so many bytes, and so many of them. */
export type RecordingLimits = { readonly fileBytes: number; readonly files: number };

/** An entry that was read, and where the next one begins. */
export type ReadEntry = Entry & { readonly next: number };

/** What was read. `missed`: bytes of the record that are gone between where it was to begin and where it did. */
export type Piece = {
  readonly entries: readonly ReadEntry[];
  readonly next: number;
  readonly missed: number;
};

type Segment = { readonly start: number; size: number };

const NAME = /^(\d{16})\.rec$/;
/** Bytes that are read at once, at least. */
const PAGE = 65_536;

/** The ring of one device. Its owner appends one thing after the other. */
export class Recording {
  readonly #folder: string;
  readonly #limits: RecordingLimits;
  readonly #segments: Segment[] = [];
  readonly #marks = new Map<Source, number>();

  private constructor(folder: string, limits: RecordingLimits) {
    this.#folder = folder;
    this.#limits = limits;
  }

  /** Reads what there is; nothing is made before something is said. @throws {Error} of node:fs */
  static async open(folder: string, limits: RecordingLimits): Promise<Recording> {
    const recording = new Recording(folder, limits);
    await recording.#load();
    return recording;
  }

  /** Where the next entry will begin. */
  get end(): number {
    const last = this.#segments.at(-1);
    return last === undefined ? 0 : last.start + last.size;
  }

  /** How far a source has been recorded; undefined where none of the last file is of it. */
  markOf(source: Source): number | undefined {
    return this.#marks.get(source);
  }

  /** Adds entries; they can be read when the promise resolves. @throws {Error} of node:fs, where none of them is there */
  async append(entries: readonly Entry[]): Promise<void> {
    const bytes = Buffer.concat(entries.map(encodeEntry));
    const segment = await this.#segmentFor(bytes.length);
    try {
      await appendFile(this.#pathOf(segment), bytes, { mode: 0o600 });
    } catch (reason) {
      // A full disk takes a part: it would be in the way of what comes next.
      await truncate(this.#pathOf(segment), segment.size).catch(() => undefined);
      throw reason;
    }
    segment.size += bytes.length;
    for (const { source, mark } of entries) if (mark > 0) this.#marks.set(source, mark);
  }

  /** Some of the entries from there on; none at the end. @param from of an earlier piece, 0 for the oldest */
  async read(from: number): Promise<Piece> {
    const at = Math.min(from, this.end);
    const index = this.#segments.findIndex(({ start, size }) => at < start + size);
    const segment = this.#segments[index];
    if (segment === undefined) return { entries: [], next: this.end, missed: 0 };
    const begin = Math.max(at, segment.start);
    const entries = await this.#entriesOf(segment, begin);
    const next = entries.at(-1)?.next;
    if (next !== undefined) return { entries, next, missed: begin - at };
    // What is damaged here is left out.
    const behind = this.#segments[index + 1]?.start ?? this.end;
    return { entries: [], next: behind, missed: behind - at };
  }

  /** Where the last so many lines begin: an entry, and how many of its bytes are before them. */
  async placeOfLast(lines: number): Promise<{ readonly from: number; readonly skip: number }> {
    let left = lines;
    if (left <= 0) return { from: this.end, skip: 0 };
    for (const segment of this.#segments.toReversed()) {
      const entries = await this.#entriesOf(segment, segment.start, segment.size);
      for (const { bytes, next } of entries.toReversed()) {
        // The last byte of all ends the last line; that of another entry ends the line before what comes next.
        for (let at = bytes.length - (next === this.end ? 2 : 1); at >= 0; at -= 1) {
          if (bytes[at] !== 0x0a) continue;
          left -= 1;
          if (left > 0) continue;
          const isLast = at === bytes.length - 1;
          const from = next - bytes.length - HEADER_BYTES;
          return isLast ? { from: next, skip: 0 } : { from, skip: at + 1 };
        }
      }
    }
    return { from: 0, skip: 0 };
  }

  async #load(): Promise<void> {
    const names = await readdir(this.#folder).catch((reason: NodeJS.ErrnoException) => {
      if (reason.code === 'ENOENT') return [];
      throw reason;
    });
    for (const name of names.filter((one) => NAME.test(one)).sort()) {
      const { length } = await readFile(join(this.#folder, name));
      this.#segments.push({ start: Number.parseInt(name, 10), size: length });
    }
    await this.#mendEnd();
  }

  /** Behind the last entry that is whole nothing may stay: what comes next would not be found. */
  async #mendEnd(): Promise<void> {
    const last = this.#segments.at(-1);
    if (last === undefined) return;
    const entries = await this.#entriesOf(last, last.start, last.size);
    for (const { source, mark } of entries) if (mark > 0) this.#marks.set(source, mark);
    const whole = (entries.at(-1)?.next ?? last.start) - last.start;
    if (whole === last.size) return;
    await truncate(this.#pathOf(last), whole);
    last.size = whole;
  }

  async #segmentFor(bytes: number): Promise<Segment> {
    const last = this.#segments.at(-1);
    if (last !== undefined && last.size + bytes <= this.#limits.fileBytes) return last;
    if (last === undefined) await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    const segment = { start: this.end, size: 0 };
    // One that could not be begun, as on a full disk, is in nobody's way.
    if (last?.size === 0) return last;
    this.#segments.push(segment);
    while (this.#segments.length > this.#limits.files) {
      const oldest = this.#segments.shift();
      if (oldest !== undefined) await rm(this.#pathOf(oldest), { force: true });
    }
    return segment;
  }

  async #entriesOf(segment: Segment, from: number, most = PAGE): Promise<ReadEntry[]> {
    // A file that went meanwhile has nothing.
    const file = await readFile(this.#pathOf(segment)).catch(() => Buffer.alloc(0));
    const bytes = file.subarray(0, segment.size);
    const entries: ReadEntry[] = [];
    let offset = from - segment.start;
    const stop = offset + most;
    while (offset < Math.min(stop, bytes.length)) {
      const decoded = decodeEntry(bytes, offset);
      if (decoded === 'cut' || decoded === 'bad') break;
      offset += decoded.size;
      entries.push({ ...decoded.entry, next: segment.start + offset });
    }
    return entries;
  }

  #pathOf({ start }: Segment): string {
    return join(this.#folder, `${String(start).padStart(16, '0')}.rec`);
  }
}
