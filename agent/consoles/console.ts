// The console of one device: what its sources say goes to the record, and from there to whoever looks. One of those may type.
import { messageOf, RequestError } from '../errors.ts';
import { type Entry, LONGEST_ENTRY, type Source } from './entry.ts';
import type { ReadEntry, Recording } from './recording.ts';

/** What takes the keys that are typed. */
export type Input = { readonly type: (bytes: Uint8Array) => Promise<void> };

/** What somebody who looks is shown. */
export type Shown =
  | { readonly kind: 'said'; readonly entry: ReadEntry }
  | { readonly kind: 'missed'; readonly bytes: number }
  | { readonly kind: 'writer'; readonly writer: string | undefined; readonly isYou: boolean };

/** Somebody who looks. */
export type Viewer = { readonly id: string; readonly user: string };

type Options = {
  readonly recording: Promise<Recording>;
  /** microseconds since 1970 */
  readonly clock: () => number;
  /** told of each piece, once it is recorded or cannot be */
  readonly onSaid: (entry: Entry) => void;
  readonly onProblem: (reason: unknown) => void;
};

/** Bytes that may wait for the disk. */
const MOST_WAITING = 256 * 1024;

/** Records, shows, and passes keys on. */
export class DeviceConsole {
  readonly #options: Options;
  readonly #inputs = new Map<Source, Input>();
  readonly #wakers = new Set<() => void>();
  #waiting: Entry[] = [];
  #waitingBytes = 0;
  #dropped = 0;
  #writing: Promise<void> | undefined;
  #writer: Viewer | undefined;

  constructor(options: Options) {
    this.#options = options;
  }

  /** Resolves when it is recorded. What the disk is too slow for is dropped, and counted. @param mark as of an entry */
  async hear(source: Source, bytes: Uint8Array, mark = 0): Promise<void> {
    const at = this.#options.clock();
    for (let from = 0; from < bytes.length; from += LONGEST_ENTRY) {
      const part = bytes.slice(from, from + LONGEST_ENTRY);
      this.#take({
        source,
        at,
        mark: from + LONGEST_ENTRY >= bytes.length ? mark : 0,
        bytes: part,
      });
    }
    await this.#write();
  }

  /** How far a source has been recorded. */
  async markOf(source: Source): Promise<number | undefined> {
    return (await this.#options.recording).markOf(source);
  }

  /** Keys go there from now on. */
  setInput(source: Source, input: Input | undefined): void {
    if (input === undefined) this.#inputs.delete(source);
    else this.#inputs.set(source, input);
  }

  /** Where the last so many lines begin. */
  async placeOfLast(lines: number): ReturnType<Recording['placeOfLast']> {
    return await (await this.#options.recording).placeOfLast(lines);
  }

  /** Who types now; undefined where nobody does. */
  get writer(): Viewer | undefined {
    return this.#writer;
  }

  /** The viewer types from now on, where nobody does, or takes it from who does. */
  sit(viewer: Viewer, { takes }: { readonly takes: boolean }): boolean {
    if (this.#writer !== undefined && !takes) return false;
    this.#writer = viewer;
    this.#wake();
    return true;
  }

  /** The viewer has gone. */
  leave(viewer: Viewer): void {
    if (this.#writer?.id !== viewer.id) return;
    this.#writer = undefined;
    this.#wake();
  }

  /** @throws {RequestError} where another types, or nothing here takes keys */
  async type({ id }: Pick<Viewer, 'id'>, bytes: Uint8Array): Promise<void> {
    if (this.#writer?.id !== id) {
      const who = this.#writer === undefined ? 'nobody may' : `${this.#writer.user} does`;
      throw new RequestError(409, `You do not type here: ${who}. Add --take to do so instead.`);
    }
    const input = this.#inputs.get('serial') ?? this.#inputs.get('u-boot');
    if (input === undefined) {
      throw new RequestError(
        409,
        'Nothing takes what you type: this device has no serial console here (setting console), and no U-Boot of it listens.',
      );
    }
    await input.type(bytes);
  }

  /**
   * All from there on, without a gap or anything twice, then what comes, until the signal aborts.
   * @param follows without it the end of the record is the end
   */
  async *show(
    viewer: Viewer,
    { from, follows, signal }: { from: number; follows: boolean; signal: AbortSignal },
  ): AsyncGenerator<Shown[]> {
    const recording = await this.#options.recording;
    let place = Math.min(from, recording.end);
    let writer = this.#writer;
    while (!signal.aborted) {
      const change = this.#nextChange(signal);
      const { entries, next, missed } = await recording.read(place);
      place = next;
      const shown: Shown[] = missed > 0 ? [{ kind: 'missed', bytes: missed }] : [];
      for (const entry of entries) shown.push({ kind: 'said', entry });
      if (writer?.id !== this.#writer?.id) {
        writer = this.#writer;
        shown.push({ kind: 'writer', writer: writer?.user, isYou: writer?.id === viewer.id });
      }
      if (shown.length > 0) yield shown;
      if (place < recording.end) continue;
      if (!follows) return;
      await change;
    }
  }

  /** Resolves when all that was heard is recorded. */
  async idle(): Promise<void> {
    await this.#write();
  }

  #take(entry: Entry): void {
    if (this.#waitingBytes + entry.bytes.length > MOST_WAITING) {
      this.#dropped += entry.bytes.length;
      return;
    }
    this.#waiting.push(entry);
    this.#waitingBytes += entry.bytes.length;
  }

  #write(): Promise<void> {
    this.#writing ??= this.#writeAll();
    return this.#writing;
  }

  async #writeAll(): Promise<void> {
    const { recording, onSaid, onProblem } = this.#options;
    // Else this would end before it is known that it is under way.
    await Promise.resolve();
    while (this.#waiting.length > 0) {
      const entries = this.#waiting;
      this.#waiting = [];
      if (this.#dropped > 0) entries.push(this.#droppedEntry());
      try {
        await (await recording).append(entries);
      } catch (reason) {
        onProblem(`Cannot record a console: ${messageOf(reason)}`);
      }
      this.#waitingBytes = this.#waiting.reduce((sum, { bytes }) => sum + bytes.length, 0);
      for (const entry of entries) onSaid(entry);
      this.#wake();
    }
    // At once: what is said from here on begins another one.
    this.#writing = undefined;
  }

  #droppedEntry(): Entry {
    const text = `\r\n[${this.#dropped} bytes were dropped here: they came too fast]\r\n`;
    this.#dropped = 0;
    return { source: 'server', at: this.#options.clock(), mark: 0, bytes: Buffer.from(text) };
  }

  #nextChange(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const wake = () => {
        this.#wakers.delete(wake);
        signal.removeEventListener('abort', wake);
        resolve();
      };
      this.#wakers.add(wake);
      signal.addEventListener('abort', wake);
    });
  }

  #wake(): void {
    for (const wake of [...this.#wakers]) wake();
  }
}
