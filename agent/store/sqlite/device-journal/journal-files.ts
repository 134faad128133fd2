// The two files of the journal of devices. One is written until it is full, then the other, whose records are all in the database by
// then. Both have their whole length from the beginning, so that a record costs one write of the disk, and a full disk has room for it.
import { constants, writeSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { decodeRecords, type JournalRecord } from './records.ts';

const NAMES = ['.leases-1', '.leases-2'] as const;
/** Some 4,000 devices. */
export const FILE_BYTES = 2 ** 20;

/** A write is over when the disk has it for good (open(2), O_DSYNC). */
const FLAGS = constants.O_RDWR | constants.O_CREAT | constants.O_DSYNC;
const MODE = 0o600;

/** A disk that usually takes so long is waited for by a thread, so that others are answered meanwhile. Else the thread takes longer. */
const QUICK_MS = 0.5;
/** The usual time is that of about so many records. */
const REMEMBERED = 16;
/** After so many records it is tried again whether the disk is quick. */
const TRIED_AFTER = 64;
const NEVER_TRIED = 2 ** 30;

type JournalFile = { readonly handle: FileHandle; last: number };

/** Paths of the journal of a database, which may not be there. */
export function journalPaths(database: string): string[] {
  return NAMES.map((name) => `${database}${name}`);
}

/** Files that are open. */
export class JournalFiles {
  readonly #files: readonly JournalFile[];
  #current = 0;
  #at = 0;
  /** how long the disk takes for a record, milliseconds */
  #usualMs = 0;
  /** records until that is tried again */
  #untried = 0;

  private constructor(files: readonly JournalFile[]) {
    this.#files = files;
    // Older records are overwritten first.
    this.#current = (files[0]?.last ?? 0) <= (files[1]?.last ?? 0) ? 0 : 1;
  }

  /**
   * Opens them, or makes them.
   * @param database path of the database, beside which they are
   * @param id of that database: records of another one are left out
   * @returns with the records that are in them, in their order
   * @throws the error of the disk
   */
  static async open(
    database: string,
    id: number,
  ): Promise<{ readonly files: JournalFiles; readonly records: readonly JournalRecord[] }> {
    const all: JournalRecord[] = [];
    const files: JournalFile[] = [];
    try {
      for (const path of journalPaths(database)) {
        const handle = await open(path, FLAGS, MODE);
        files.push({ handle, last: 0 });
        const records = decodeRecords(await wholeOf(handle), id);
        all.push(...records);
        files[files.length - 1] = { handle, last: records.at(-1)?.number ?? 0 };
      }
      await using folder = await open(dirname(database));
      await folder.sync();
    } catch (reason) {
      for (const { handle } of files) await handle.close();
      throw reason;
    }
    all.sort((left, right) => left.number - right.number);
    return { files: new JournalFiles(files), records: all };
  }

  /** Those that keep nothing of what is written, for practice, as on a disk that is quick or slow. */
  static async ofNothing({ isSlow }: { readonly isSlow: boolean }): Promise<JournalFiles> {
    const handles = await Promise.all(NAMES.map(() => open('/dev/null', constants.O_RDWR)));
    const files = new JournalFiles(handles.map((handle) => ({ handle, last: 0 })));
    if (isSlow) files.#untried = NEVER_TRIED;
    return files;
  }

  /** Whether a record of so many bytes fits behind the last one. */
  hasRoom(bytes: number): boolean {
    return this.#at + bytes <= FILE_BYTES;
  }

  /** The last record of the file that would be written next; 0 where it has none. */
  get lastOfNext(): number {
    return this.#file(1 - this.#current).last;
  }

  /** Goes on in the other file, over its records. */
  turn(): void {
    this.#current = 1 - this.#current;
    this.#at = 0;
  }

  /** Whether the disk answers sooner than a thread that waits for it. */
  get isQuick(): boolean {
    return this.#untried === 0;
  }

  /** As `append`, and waits. */
  appendNow(record: Buffer, number: number): void {
    const begun = performance.now();
    const { handle } = this.#file(this.#current);
    this.#appended(record, number, writeSync(handle.fd, record, 0, record.length, this.#at));
    this.#usualMs += (performance.now() - begun - this.#usualMs) / REMEMBERED;
    if (this.#usualMs < QUICK_MS) return;
    this.#usualMs = 0;
    this.#untried = TRIED_AFTER;
  }

  /** Resolves when the disk has the record. One at a time. */
  async append(record: Buffer, number: number): Promise<void> {
    const { handle } = this.#file(this.#current);
    const { bytesWritten } = await handle.write(record, 0, record.length, this.#at);
    this.#appended(record, number, bytesWritten);
    this.#untried = Math.max(0, this.#untried - 1);
  }

  #appended(record: Buffer, number: number, written: number): void {
    if (written < record.length) throw new Error('the disk took a part of a record');
    this.#at += record.length;
    this.#file(this.#current).last = number;
  }

  /** Lets go of them. */
  async close(): Promise<void> {
    for (const { handle } of this.#files) await handle.close();
  }

  #file(number: number): JournalFile {
    const file = this.#files[number];
    if (file === undefined) throw new RangeError(`Cannot use file ${number} of the journal`);
    return file;
  }
}

/** What is in a file, which has its whole length from now on. */
async function wholeOf(handle: FileHandle): Promise<Buffer> {
  const bytes = Buffer.alloc(FILE_BYTES);
  const { size } = await handle.stat();
  await handle.read(bytes, 0, FILE_BYTES, 0);
  if (size < FILE_BYTES) await fill(handle, bytes.subarray(size));
  return bytes;
}

/** @throws the error of a disk that has no room; then the file takes none of what is left */
async function fill(handle: FileHandle, rest: Buffer): Promise<void> {
  const from = FILE_BYTES - rest.length;
  try {
    const { bytesWritten } = await handle.write(rest, 0, rest.length, from);
    if (bytesWritten < rest.length) throw new Error('database or disk is full');
  } catch (reason) {
    await handle.truncate(from);
    throw reason;
  }
}
