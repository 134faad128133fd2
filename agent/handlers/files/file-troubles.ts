// A file that was to be sent could not be read: the log says so once, though the machines that need it ask again and again.
import type { ServerEvent } from '../../events/event.ts';

/** Milliseconds after which the same trouble with the same file is said again. */
const QUIET_MS = 30 * 60_000;
/** A path can be written in many ways: they are not to fill the memory. */
const MOST_PATHS = 1000;

type Trouble = {
  readonly source: 'tftp' | 'http';
  /** as the client asked for it */
  readonly path: string;
  /** the client, dotted IPv4 */
  readonly from: string;
  readonly reason: string;
};

/** Remembers what was said of which file. */
export class FileTroubles {
  readonly #now: () => number;
  readonly #saidAt = new Map<string, number>();

  /** @param now milliseconds of a steady clock */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** @returns the line that is due, if one is */
  take({ source, path, from, reason }: Trouble): ServerEvent[] {
    const key = `${path}\0${reason}`;
    const now = this.#now();
    if (now - (this.#saidAt.get(key) ?? Number.NEGATIVE_INFINITY) < QUIET_MS) return [];
    this.#saidAt.delete(key);
    const [oldest] = this.#saidAt.keys();
    if (oldest !== undefined && this.#saidAt.size >= MOST_PATHS) this.#saidAt.delete(oldest);
    this.#saidAt.set(key, now);
    return [{ kind: 'problem', source, message: `Cannot send '${path}' to ${from}: ${reason}` }];
  }
}
