// Browsers in which somebody has logged in. All are in memory; one is there for the next request once it is on disk.
import { createHash, randomBytes } from 'node:crypto';
import { RequestError } from '../errors.ts';
import { type InTurn, inTurn } from '../host/queues/in-turn.ts';
import type { AccessRecords, StoredRole, StoredSession } from '../store/records/access.ts';
import { type ClockShift, shiftedProofs } from './clock-shift.ts';

type Options = {
  readonly records: Pick<
    AccessRecords,
    'sessions' | 'saveSession' | 'moveSession' | 'removeSession'
  >;
  /** microseconds since 1970 */
  readonly clock: () => number;
  /** what a user may now; undefined where there is none */
  readonly roleOf: (user: string) => StoredRole | undefined;
  /** in which users change as well */
  readonly inTurn?: InTurn;
};

/** A session as its browser gets it. */
export type NewSession = { readonly secret: string; readonly expires: number };

/** A page stays open over a working week, and no session outlasts it for long. */
export const SESSION_SECONDS = 7 * 86_400;
/** Of one user; the oldest one ends. */
const MOST_EACH = 20;

/** The sessions of all users. Whoever has one may at each moment what its user may. */
export class Sessions {
  readonly #options: Options;
  readonly #sessions = new Map<string, StoredSession>();
  readonly #inTurn: InTurn;

  private constructor(options: Options) {
    this.#options = options;
    this.#inTurn = options.inTurn ?? inTurn();
  }

  /** Reads what is on disk. */
  static async open(options: Options): Promise<Sessions> {
    const sessions = new Sessions(options);
    for (const one of await options.records.sessions()) sessions.#sessions.set(one.hash, one);
    return sessions;
  }

  /** Begins one with a secret that nobody had before; only its hash is kept. */
  async begin(user: string): Promise<NewSession> {
    return await this.#inTurn(() => this.#begin(user));
  }

  async #begin(user: string): Promise<NewSession> {
    const { records, clock } = this.#options;
    await this.#makeRoom(user);
    const secret = randomBytes(32).toString('base64url');
    const created = clock();
    const expires = created + SESSION_SECONDS * 1_000_000;
    const stored = { hash: hashOf(secret), user, created, expires };
    await records.saveSession(stored);
    this.#sessions.set(stored.hash, stored);
    return { secret, expires };
  }

  /** Whose it is. @throws {RequestError} if it is nobody's, or over */
  bySecret(secret: string): { readonly user: string; readonly role: StoredRole } {
    const session = this.#sessions.get(hashOf(secret));
    const role = session === undefined ? undefined : this.#options.roleOf(session.user);
    if (session !== undefined && role !== undefined && session.expires > this.#options.clock()) {
      return { user: session.user, role };
    }
    throw new RequestError(401, 'Your session is over: log in again.', { code: 'session-over' });
  }

  /** Does nothing where there is no such session. */
  async end(secret: string): Promise<void> {
    const hash = hashOf(secret);
    if (this.#sessions.delete(hash)) await this.#options.records.removeSession(hash);
  }

  /** All of a user's are over, and are gone from the disk already. */
  forget(user: string): void {
    for (const { hash } of this.#of(user)) this.#sessions.delete(hash);
  }

  /** Those of this run last as long as they were begun for. */
  async clockSet(shift: ClockShift): Promise<void> {
    await this.#inTurn(async () => {
      const moved = shiftedProofs(this.#sessions.values(), shift, this.#options.clock());
      for (const session of moved) {
        await this.#options.records.moveSession(session);
        if (this.#sessions.has(session.hash)) this.#sessions.set(session.hash, session);
      }
    });
  }

  async #makeRoom(user: string): Promise<void> {
    const now = this.#options.clock();
    const [over, valid] = [this.#of(user).filter(isOver(now)), this.#of(user).filter(isValid(now))];
    const most = Math.max(0, valid.length - MOST_EACH + 1);
    for (const { hash } of [...over, ...valid.slice(0, most)]) {
      this.#sessions.delete(hash);
      await this.#options.records.removeSession(hash);
    }
  }

  /** The oldest first: those that end first, unless the clock was set. */
  #of(user: string): StoredSession[] {
    return [...this.#sessions.values()].filter((session) => session.user === user);
  }
}

function isOver(now: number) {
  return ({ expires }: StoredSession) => expires <= now;
}

function isValid(now: number) {
  return (session: StoredSession) => !isOver(now)(session);
}

function hashOf(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}
