// Lines of consoles for the log: whole ones, no more than a pace lets through, so that a console that talks without end takes no
// place from others.
import { LineCutter } from '../protocol/logs/line-cutter.ts';
import { lineText } from '../protocol/logs/line-text.ts';
import type { Source } from './entry.ts';

type Options = {
  readonly log: (mac: string, lines: readonly string[]) => Promise<void>;
  readonly onProblem: (reason: unknown) => void;
  /** microseconds since 1970 */
  readonly clock: () => number;
};

/** Bytes of a line; the rest is counted. */
const LONGEST = 1024;
/** Lines of one device in a second, and at once after a rest. */
const PACE = { perSecond: 200, burst: 2000 };
/** Lines on their way to the disk, of all. */
const MOST_WAITING = 8192;

type Talk = {
  readonly cutters: Map<Source, LineCutter>;
  left: number;
  at: number;
  dropped: number;
};

/** Cuts, counts and passes on. */
export class ConsoleLines {
  readonly #options: Options;
  readonly #talks = new Map<string, Talk>();
  readonly #writing = new Set<Promise<void>>();
  #waiting = 0;

  constructor(options: Options) {
    this.#options = options;
  }

  /** Something was said; its lines are logged when they have ended. */
  take(mac: string, source: Source, bytes: Uint8Array): void {
    const talk = this.#talkOf(mac);
    const cutter = talk.cutters.get(source) ?? new LineCutter(LONGEST);
    talk.cutters.set(source, cutter);
    const lines = [...cutter.cut(bytes)]
      .map((line) => plain(lineText(line)))
      .filter((line) => line.trim() !== '');
    const taken = lines.slice(0, this.#allowed(talk, lines.length));
    const before = talk.dropped > 0 && taken.length > 0 ? [droppedLine(talk.dropped)] : [];
    if (taken.length > 0) talk.dropped = 0;
    talk.dropped += lines.length - taken.length;
    if (taken.length > 0) this.#write(mac, [...before, ...taken]);
  }

  /** The device is no more. */
  forget(mac: string): void {
    this.#talks.delete(mac);
  }

  /** Resolves when all lines are on disk. */
  async idle(): Promise<void> {
    await Promise.all(this.#writing);
  }

  #talkOf(mac: string): Talk {
    const known = this.#talks.get(mac);
    if (known !== undefined) return known;
    const talk = { cutters: new Map(), left: PACE.burst, at: this.#options.clock(), dropped: 0 };
    this.#talks.set(mac, talk);
    return talk;
  }

  #allowed(talk: Talk, wanted: number): number {
    const now = this.#options.clock();
    const earned = Math.max(0, (now - talk.at) / 1_000_000) * PACE.perSecond;
    talk.left = Math.min(PACE.burst, talk.left + earned);
    talk.at = now;
    const room = Math.max(0, MOST_WAITING - this.#waiting);
    const allowed = Math.min(wanted, Math.floor(talk.left), room);
    talk.left -= allowed;
    return allowed;
  }

  #write(mac: string, lines: readonly string[]): void {
    this.#waiting += lines.length;
    const writing = this.#options
      .log(mac, lines)
      .catch(this.#options.onProblem)
      .finally(() => {
        this.#waiting -= lines.length;
        this.#writing.delete(writing);
      });
    this.#writing.add(writing);
  }
}

/** What colours begin with: a control character. */
const ESCAPE = String.fromCharCode(0x1b);
const COLOURS = new RegExp(`${ESCAPE}\\[[0-9;]*m`, 'g');

/** Without colours (ECMA-48, 8.3.117), and without the return that consoles end lines with. Whatever else moves a cursor stays, to be seen. */
function plain(text: string): string {
  return text.replaceAll(COLOURS, '').replace(/\r+$/, '');
}

function droppedLine(count: number): string {
  return `[${count} lines were dropped here: they came too fast]`;
}
