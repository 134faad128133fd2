// Tokens by which programs prove whose they are. All are in memory; one is there for the next request once it is on disk.
import { createHash, randomBytes } from 'node:crypto';
import { RequestError } from '../errors.ts';
import { type InTurn, inTurn } from '../host/queues/in-turn.ts';
import type { AccessRecords, StoredRole, StoredToken } from '../store/records/access.ts';
import { type ClockShift, shiftedProofs } from './clock-shift.ts';

type Options = {
  readonly records: Pick<AccessRecords, 'tokens' | 'saveToken' | 'moveToken' | 'removeTokens'>;
  /** microseconds since 1970 */
  readonly clock: () => number;
  /** what a user may now; undefined where there is none, or none with a way in */
  readonly roleOf: (user: string) => StoredRole | undefined;
  /** in which users change as well */
  readonly inTurn?: InTurn;
};

/** A token as it is shown once, and what is kept of it. */
export type NewToken = { readonly token: string; readonly stored: StoredToken };

/** What somebody wants a token for. */
export type TokenWish = {
  readonly user: string;
  readonly name: string;
  readonly days: number;
  /** the most that it may */
  readonly role: StoredRole;
  /** id of the token that asks for it: the new one ends with that, at the latest */
  readonly maker?: string | undefined;
};

const ROLES: readonly StoredRole[] = ['viewer', 'user', 'operator', 'admin'];
const DAY_US = 86_400_000_000;
/** A token says what it is: programs that look for secrets in files find it. */
const PREFIX = 'walt_';
const MOST_EACH = 100;

/** The tokens of all users. */
export class Tokens {
  readonly #options: Options;
  readonly #tokens = new Map<string, StoredToken>();
  readonly #inTurn: InTurn;

  private constructor(options: Options) {
    this.#options = options;
    this.#inTurn = options.inTurn ?? inTurn();
  }

  /** Reads what is on disk. */
  static async open(options: Options): Promise<Tokens> {
    const tokens = new Tokens(options);
    for (const one of await options.records.tokens()) tokens.#tokens.set(one.hash, one);
    return tokens;
  }

  /** Whose it is, and what it may now. @throws {RequestError} if it is nobody's, or over */
  bySecret(secret: string): {
    readonly user: string;
    readonly role: StoredRole;
    readonly token: string;
  } {
    const stored = this.#tokens.get(hashOf(secret));
    const role = stored === undefined ? undefined : this.#options.roleOf(stored.user);
    if (stored === undefined || role === undefined) {
      throw new RequestError(401, 'This token is wrong, or was revoked: log in again.', {
        code: 'wrong-token',
      });
    }
    if (stored.expires <= this.#options.clock()) {
      throw new RequestError(401, 'This token has expired: log in again.', {
        code: 'expired-token',
      });
    }
    return { user: stored.user, role: lower(role, stored.role), token: stored.id };
  }

  /** Of a user, or of all, the oldest first. */
  of(user?: string): StoredToken[] {
    const all = [...this.#tokens.values()].toSorted((a, b) => a.created - b.created);
    return user === undefined ? all : all.filter((token) => token.user === user);
  }

  /** The token itself is nowhere afterwards but with who gets it. @throws {RequestError} if its user has no way in, or too many */
  async create(wish: TokenWish): Promise<NewToken> {
    return await this.#inTurn(() => this.#create(wish));
  }

  async #create({ user, name, days, role, maker }: TokenWish): Promise<NewToken> {
    const { records, clock, roleOf } = this.#options;
    if (roleOf(user) === undefined) {
      throw new RequestError(
        404,
        `Nothing was changed: there is no user '${user}', or they are disabled.`,
      );
    }
    await this.#dropExpired(user);
    const latest = this.#endOf(maker);
    if (this.of(user).length >= MOST_EACH) {
      const reason = `${user} has ${MOST_EACH} tokens. Revoke some: walt token list`;
      throw new RequestError(409, `Nothing was changed: ${reason}.`);
    }
    const token = `${PREFIX}${randomBytes(32).toString('base64url')}`;
    const created = clock();
    const stored = {
      ...{ id: randomBytes(4).toString('hex'), user, name, role, hash: hashOf(token) },
      ...{ created, expires: Math.min(created + days * DAY_US, latest), maker: maker ?? null },
    };
    await records.saveToken(stored);
    this.#tokens.set(stored.hash, stored);
    return { token, stored };
  }

  /** With all that were made by it. @param by their own alone; undefined for any. @throws {RequestError} if there is no such token */
  async revoke(id: string, by: string | undefined): Promise<StoredToken> {
    return await this.#inTurn(() => this.#revoke(id, by));
  }

  /** All of a user's are over, and are gone from the disk already. */
  forget(user: string): void {
    for (const { hash } of this.of(user)) this.#tokens.delete(hash);
  }

  /** Those of this run last as long as they were made for; none outlasts the one that made it. */
  async clockSet(shift: ClockShift): Promise<void> {
    await this.#inTurn(async () => {
      for (const token of shiftedProofs(this.of(), shift, this.#options.clock())) {
        const maker = this.of(token.user).find(({ id }) => id === token.maker);
        const moved = {
          ...token,
          expires: Math.min(token.expires, maker?.expires ?? Number.POSITIVE_INFINITY),
        };
        await this.#options.records.moveToken(moved);
        if (this.#tokens.has(moved.hash)) this.#tokens.set(moved.hash, moved);
      }
    });
  }

  async #revoke(id: string, by: string | undefined): Promise<StoredToken> {
    const found = this.of(by).find((token) => token.id === id);
    if (found === undefined) {
      throw new RequestError(404, `Nothing was changed: you have no token '${id}'.`);
    }
    const gone = this.#withMade(found);
    await this.#options.records.removeTokens(gone.map((token) => token.id));
    for (const { hash } of gone) this.#tokens.delete(hash);
    return found;
  }

  #withMade(token: StoredToken): StoredToken[] {
    const made = [token];
    // Grows while it is walked: what was made by those comes behind them.
    for (const { id } of made) made.push(...this.of(token.user).filter((one) => one.maker === id));
    return made;
  }

  /** Microseconds since 1970. @throws {RequestError} if that token was revoked meanwhile */
  #endOf(maker: string | undefined): number {
    if (maker === undefined) return Number.POSITIVE_INFINITY;
    const end = this.of().find(({ id }) => id === maker)?.expires;
    if (end !== undefined) return end;
    throw new RequestError(401, 'This token was revoked: log in again.', { code: 'wrong-token' });
  }

  async #dropExpired(user: string): Promise<void> {
    const now = this.#options.clock();
    for (const { id, hash } of this.of(user).filter(({ expires }) => expires <= now)) {
      // One that was made by another has gone with it.
      if (this.#tokens.has(hash)) await this.#revoke(id, user);
    }
  }
}

function hashOf(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}

function lower(a: StoredRole, b: StoredRole): StoredRole {
  return ROLES.indexOf(a) < ROLES.indexOf(b) ? a : b;
}
