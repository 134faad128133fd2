// Who may use the API from other machines: users with roles, their passwords and their tokens. All are in memory; a change is
// there for the next request once it is on disk.
import { createHash, randomBytes } from 'node:crypto';
import { RequestError } from '../errors.ts';
import type { AccessRecords, StoredRole, StoredToken, StoredUser } from '../store/store.ts';
import { Guesses } from './guesses.ts';
import { inTurn } from './in-turn.ts';
import { Passwords } from './passwords.ts';
import { Sessions } from './sessions.ts';

type Options = {
  readonly records: AccessRecords;
  /** microseconds since 1970 */
  readonly clock: () => number;
  /** milliseconds of a steady clock */
  readonly now: () => number;
};

/** A user, as it is kept. */
export type User = StoredUser;
/** A token, as it is kept. */
export type Token = StoredToken;

/** Who has proved who they are. */
export type Known = {
  readonly user: string;
  readonly role: StoredRole;
  /** id of the token by which they did */
  readonly token?: string;
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
const MOST_TOKENS = 100;
const MOST_USERS = 1000;

/** The users, their tokens and their sessions. */
export class Accounts {
  readonly #options: Options;
  readonly #users = new Map<string, StoredUser>();
  readonly #tokens = new Map<string, StoredToken>();
  readonly #passwords = new Passwords();
  readonly #guesses: Guesses;
  readonly #inTurn = inTurn();

  #sessions: Sessions | undefined;

  private constructor(options: Options) {
    this.#options = options;
    this.#guesses = new Guesses(options.now);
  }

  /** Reads what is on disk. */
  static async open(options: Options): Promise<Accounts> {
    const accounts = new Accounts(options);
    for (const user of await options.records.users()) accounts.#users.set(user.name, user);
    for (const token of await options.records.tokens()) accounts.#tokens.set(token.hash, token);
    accounts.#sessions = await Sessions.open({
      ...options,
      roleOf: (user) => accounts.#users.get(user)?.role,
      inTurn: accounts.#inTurn,
    });
    return accounts;
  }

  /** Of browsers; they end with their user, and with another password. */
  get sessions(): Sessions {
    if (this.#sessions === undefined) throw new TypeError('Cannot tell sessions before open()');
    return this.#sessions;
  }

  /** All users, in the order of their names. */
  users(): StoredUser[] {
    return [...this.#users.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** @throws {RequestError} if there is such a user */
  async create(name: string, role: StoredRole, password?: string): Promise<StoredUser> {
    this.#refuseTaken(name);
    if (this.#users.size >= MOST_USERS) {
      throw new RequestError(409, `Nothing was changed: there are ${MOST_USERS} users already.`);
    }
    const hashed = password === undefined ? null : await this.#passwords.hash(password);
    return await this.#inTurn(async () => {
      this.#refuseTaken(name);
      const user = { name, role, password: hashed, created: this.#options.clock() };
      await this.#options.records.saveUser(user);
      this.#users.set(name, user);
      return user;
    });
  }

  /**
   * With another password all tokens and sessions of the user end: whoever had the old one may have made some.
   * @throws {RequestError} if there is no such user
   */
  async change(
    name: string,
    { role, password }: { role?: StoredRole | undefined; password?: string | undefined },
  ): Promise<StoredUser> {
    this.#user(name);
    const hashed = password === undefined ? undefined : await this.#passwords.hash(password);
    return await this.#inTurn(async () => {
      const before = this.#user(name);
      const user = { ...before, role: role ?? before.role, password: hashed ?? before.password };
      const endsTokens = hashed !== undefined;
      await this.#options.records.saveUser(user, { endsTokens });
      this.#users.set(name, user);
      if (endsTokens) this.#forgetProofs(name);
      return user;
    });
  }

  /** With their tokens and sessions; images and nodes stay theirs. @throws {RequestError} if there is no such user */
  async remove(name: string): Promise<void> {
    await this.#inTurn(async () => {
      this.#user(name);
      await this.#options.records.removeUser(name);
      this.#users.delete(name);
      this.#forgetProofs(name);
    });
  }

  /**
   * Whether this is the user's password.
   * @param address from where they come
   * @throws {RequestError} if it is not, with the same words for a user who is not there; or after too many that were not
   */
  async logIn(name: string, password: string, address: string): Promise<Known> {
    const waitMs = this.#guesses.waitOf(name, address);
    if (waitMs > 0) {
      const seconds = Math.ceil(waitMs / 1000);
      const reason = `Too many wrong passwords came from your address: wait ${seconds} s.`;
      throw new RequestError(429, reason, { code: 'too-many-guesses' });
    }
    this.#guesses.begin(name, address);
    const kept = this.#users.get(name)?.password ?? null;
    const isRight = await this.#passwords.isRight(password, kept).catch((reason: unknown) => {
      this.#guesses.right(name, address);
      throw reason;
    });
    const user = this.#users.get(name);
    if (!isRight || user === undefined || user.password !== kept) {
      const reason = 'There is no such user, or the password is wrong.';
      throw new RequestError(401, reason, { code: 'wrong-password' });
    }
    this.#guesses.right(name, address);
    return { user: name, role: user.role };
  }

  /** Whose token this is. @throws {RequestError} if it is nobody's, or over */
  byToken(token: string): Known {
    const stored = this.#tokens.get(hashOf(token));
    const user = stored === undefined ? undefined : this.#users.get(stored.user);
    if (stored === undefined || user === undefined) {
      throw new RequestError(401, 'This token is wrong, or was revoked: log in again.', {
        code: 'wrong-token',
      });
    }
    if (stored.expires <= this.#options.clock()) {
      throw new RequestError(401, 'This token has expired: log in again.', {
        code: 'expired-token',
      });
    }
    return { user: user.name, role: lower(user.role, stored.role), token: stored.id };
  }

  /** Tokens of a user, or of all, the oldest first. */
  tokens(user?: string): StoredToken[] {
    const all = [...this.#tokens.values()].toSorted((a, b) => a.created - b.created);
    return user === undefined ? all : all.filter((token) => token.user === user);
  }

  /** The token itself is nowhere afterwards but with who gets it. @throws {RequestError} if there is no such user, or they have too many */
  async createToken(wish: TokenWish): Promise<NewToken> {
    return await this.#inTurn(() => this.#createToken(wish));
  }

  async #createToken({ user, name, days, role, maker }: TokenWish): Promise<NewToken> {
    const { records, clock } = this.#options;
    this.#user(user);
    await this.#dropExpired(user);
    const latest = this.#endOf(maker);
    if (this.tokens(user).length >= MOST_TOKENS) {
      const reason = `${user} has ${MOST_TOKENS} tokens. Revoke some: walt token list`;
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

  async #revoke(id: string, by: string | undefined): Promise<StoredToken> {
    const found = this.tokens(by).find((token) => token.id === id);
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
    for (const { id } of made)
      made.push(...this.tokens(token.user).filter((one) => one.maker === id));
    return made;
  }

  /** Microseconds since 1970. @throws {RequestError} if that token was revoked meanwhile */
  #endOf(maker: string | undefined): number {
    if (maker === undefined) return Number.POSITIVE_INFINITY;
    const end = this.tokens().find(({ id }) => id === maker)?.expires;
    if (end !== undefined) return end;
    throw new RequestError(401, 'This token was revoked: log in again.', { code: 'wrong-token' });
  }

  async #dropExpired(user: string): Promise<void> {
    const now = this.#options.clock();
    for (const { id, hash } of this.tokens(user).filter(({ expires }) => expires <= now)) {
      // One that was made by another has gone with it.
      if (this.#tokens.has(hash)) await this.#revoke(id, user);
    }
  }

  #user(name: string): StoredUser {
    const user = this.#users.get(name);
    if (user !== undefined) return user;
    throw new RequestError(404, `Nothing was changed: there is no user '${name}'.`);
  }

  #refuseTaken(name: string): void {
    if (!this.#users.has(name)) return;
    throw new RequestError(409, `Nothing was changed: there is a user '${name}' already.`);
  }

  #forgetProofs(user: string): void {
    this.sessions.forget(user);
    for (const { hash } of this.tokens(user)) this.#tokens.delete(hash);
  }
}

function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

function lower(a: StoredRole, b: StoredRole): StoredRole {
  return ROLES.indexOf(a) < ROLES.indexOf(b) ? a : b;
}
