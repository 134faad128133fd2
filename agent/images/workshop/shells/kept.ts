// Shell sessions that nobody works in and whose changes are not saved: each is kept for an hour, so many and no more, while
// the disk has room. Whatever is not kept is said in the log.
import { freeBytes } from '../../content/folders/disk-space.ts';
import type { ShellSession } from './session.ts';

/** A session that can be picked up. */
export type KeptShell = {
  readonly id: string;
  /** name of the image that it began with */
  readonly image: string;
  /** microseconds since 1970, when its visitor left */
  readonly since: number;
  /** microseconds since 1970, when it ends */
  readonly until: number;
};

/** Where sessions are kept, how long, and who hears of them. */
export type KeptShellsOptions = {
  readonly images: {
    /** of the state */
    readonly folder: string;
  };
  /** microseconds since 1970 */
  readonly clock: () => number;
  /** takes what became of a session of an image, one sentence */
  readonly note: (image: string, text: string) => void;
  /** milliseconds, an hour by default */
  readonly keepMs?: number;
  /** bytes of the disk that have to be free, 1 GiB by default */
  readonly reserve?: number;
};

const HOUR_MS = 3_600_000;
const RESERVE = 2 ** 30;
const MOST_OF_USER = 3;
const MOST = 10;

type Entry = {
  readonly session: ShellSession;
  readonly since: number;
  readonly timer: NodeJS.Timeout;
};

/** Keeps sessions for those who left. */
export class KeptShells {
  readonly #options: KeptShellsOptions;
  readonly #end: (session: ShellSession) => void;
  /** by id, the oldest first */
  readonly #entries = new Map<string, Entry>();

  /** @param end lets go of a session */
  constructor(options: KeptShellsOptions, end: (session: ShellSession) => void) {
    this.#options = options;
    this.#end = end;
  }

  /** Whether the disk has room for sessions. */
  async hasSpace(): Promise<boolean> {
    const { images, reserve = RESERVE } = this.#options;
    return (await freeBytes(images.folder)) >= reserve;
  }

  /** @returns false if it cannot be kept; the log has the reason */
  keep(session: ShellSession, hasSpace: boolean): boolean {
    const own = [...this.#entries.values()].filter((entry) => entry.session.user === session.user);
    if (!hasSpace || (this.#entries.size >= MOST && own.length === 0)) {
      this.#say(session, `is lost: ${hasSpace ? `${MOST} others are kept` : 'the disk is full'}`);
      return false;
    }
    const [oldest] = own;
    if (oldest !== undefined && (own.length >= MOST_OF_USER || this.#entries.size >= MOST)) {
      this.#say(oldest.session, 'is lost: there are newer ones, and no more are kept');
      this.#end(oldest.session);
    }
    this.#add(session);
    return true;
  }

  /** It is kept no longer: somebody is at it again, or it ends. */
  take({ id }: ShellSession): void {
    clearTimeout(this.#entries.get(id)?.timer);
    this.#entries.delete(id);
  }

  /** The user's, the oldest first. */
  of(user: string): KeptShell[] {
    const { keepMs = HOUR_MS } = this.#options;
    return [...this.#entries.values()]
      .filter(({ session }) => session.user === user)
      .map(({ session: { id, image }, since }) => {
        return { id, image: image.name, since, until: since + keepMs * 1000 };
      });
  }

  /** Says what is lost with the server. */
  stop(): void {
    for (const { session } of this.#entries.values())
      this.#say(session, 'is lost: the server stops');
  }

  #add(session: ShellSession): void {
    const { clock, keepMs = HOUR_MS } = this.#options;
    const timer = setTimeout(() => {
      this.#say(session, 'is lost: nobody picked it up');
      this.#end(session);
    }, keepMs);
    this.#entries.set(session.id, { session, since: clock(), timer });
    this.#say(session, `is kept for ${Math.round(keepMs / 60_000)} minutes`);
  }

  #say({ image, user }: ShellSession, what: string): void {
    this.#options.note(image.name, `what ${user} changed in a shell and did not save ${what}`);
  }
}
