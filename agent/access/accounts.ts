// Who may use the API from other machines: users with roles, and what proves who they are. All are in memory; a change is
// there for the next request once it is on disk.
import { RequestError } from '../errors.ts';
import { inTurn } from '../host/queues/in-turn.ts';
import type {
  AccessRecords,
  StoredRole,
  StoredToken,
  StoredUser,
} from '../store/records/access.ts';
import { type Arrival, arrivedUser } from './arrivals.ts';
import type { ClockShift } from './clock-shift.ts';
import { Guesses } from './guesses.ts';
import { Passwords } from './passwords.ts';
import { Sessions } from './sessions.ts';
import { type NewToken, Tokens, type TokenWish } from './tokens.ts';

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

/** What becomes of a user; a field that is missing stays as it is. */
export type UserChange = {
  readonly role?: StoredRole | undefined;
  readonly password?: string | undefined;
  readonly isDisabled?: boolean | undefined;
};

const MOST_USERS = 1000;

/** The users, their tokens and their sessions. */
export class Accounts {
  readonly #options: Options;
  readonly #users = new Map<string, StoredUser>();
  readonly #passwords = new Passwords();
  readonly #guesses: Guesses;
  readonly #inTurn = inTurn();

  #tokens: Tokens | undefined;
  #sessions: Sessions | undefined;

  private constructor(options: Options) {
    this.#options = options;
    this.#guesses = new Guesses(options.now);
  }

  /** Reads what is on disk. */
  static async open(options: Options): Promise<Accounts> {
    const accounts = new Accounts(options);
    for (const user of await options.records.users()) accounts.#users.set(user.name, user);
    const roleOf = (name: string) => {
      const user = accounts.#users.get(name);
      return user === undefined || user.isDisabled ? undefined : user.role;
    };
    const proofs = { ...options, roleOf, inTurn: accounts.#inTurn };
    accounts.#tokens = await Tokens.open(proofs);
    accounts.#sessions = await Sessions.open(proofs);
    return accounts;
  }

  /** Of browsers; they end with their user, and with another password. */
  get sessions(): Sessions {
    if (this.#sessions === undefined) throw new TypeError('Cannot tell sessions before open()');
    return this.#sessions;
  }

  get #ofPrograms(): Tokens {
    if (this.#tokens === undefined) throw new TypeError('Cannot tell tokens before open()');
    return this.#tokens;
  }

  /** All users, in the order of their names. */
  users(): StoredUser[] {
    return [...this.#users.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** @throws {RequestError} if there is no such user */
  user(name: string): StoredUser {
    const user = this.#users.get(name);
    if (user !== undefined) return user;
    throw new RequestError(404, `Nothing was changed: there is no user '${name}'.`);
  }

  /** @throws {RequestError} if there is such a user */
  async create(name: string, role: StoredRole, password?: string): Promise<StoredUser> {
    this.#refuseTaken(name);
    const hashed = password === undefined ? null : await this.#passwords.hash(password);
    return await this.#inTurn(async () => {
      this.#refuseTaken(name);
      const created = this.#options.clock();
      const user = { name, role, password: hashed, created, isDisabled: false, provider: null };
      return await this.#save(user, false);
    });
  }

  /**
   * With another password all tokens and sessions of the user end: whoever had the old one may have made some. So they do when
   * the user is disabled.
   * @throws {RequestError} if there is no such user, or their provider alone knows a password of theirs
   */
  async change(name: string, { role, password, isDisabled }: UserChange): Promise<StoredUser> {
    const { provider } = this.user(name);
    if (password !== undefined && provider !== null) {
      const reason = `${name} signs in by ${provider.issuer} and has no password here`;
      throw new RequestError(409, `Nothing was changed: ${reason}.`);
    }
    const hashed = password === undefined ? undefined : await this.#passwords.hash(password);
    return await this.#inTurn(async () => {
      const before = this.user(name);
      const user = {
        ...before,
        role: role ?? before.role,
        password: hashed ?? before.password,
        isDisabled: isDisabled ?? before.isDisabled,
      };
      return await this.#save(user, hashed !== undefined || isDisabled === true);
    });
  }

  /** With their tokens and sessions; images and nodes stay theirs. @throws {RequestError} if there is no such user */
  async remove(name: string): Promise<void> {
    await this.#inTurn(async () => {
      this.user(name);
      await this.#options.records.removeUser(name);
      this.#users.delete(name);
      this.#forgetProofs(name);
    });
  }

  /**
   * Whether this is the user's password.
   * @param address from where they come
   * @throws {RequestError} if it is not, with the same words for a user who is not there; after too many that were not; or if the
   *   user is disabled
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
    if (user.isDisabled) {
      const reason = 'Your account is disabled: ask an administrator.';
      throw new RequestError(403, reason, { code: 'disabled' });
    }
    return { user: name, role: user.role };
  }

  /**
   * Lets somebody in whom a provider has named; they are a user from their first time on. Who may no more has no token and no
   * session afterwards.
   * @throws {RequestError} if they may not
   */
  async arrive(arrival: Arrival): Promise<Known & { readonly isNew: boolean }> {
    return await this.#inTurn(async () => {
      const known = [...this.#users.values()].find(
        ({ provider }) =>
          provider?.issuer === arrival.issuer && provider.subject === arrival.subject,
      );
      const now = arrivedUser(arrival, known, this.#options.clock());
      if ('refusal' in now) {
        if (known !== undefined) await this.#save(known, true);
        throw new RequestError(403, now.refusal, { code: 'no-account' });
      }
      if (known === undefined) this.#refuseImpostor(arrival);
      if (known === undefined || known.role !== now.role) await this.#save(now, false);
      return { user: now.name, role: now.role, isNew: known === undefined };
    });
  }

  /** Whose token this is. @throws {RequestError} if it is nobody's, or over */
  byToken(token: string): Known {
    return this.#ofPrograms.bySecret(token);
  }

  /** Tokens of a user, or of all, the oldest first. */
  tokens(user?: string): StoredToken[] {
    return this.#ofPrograms.of(user);
  }

  /** The token itself is nowhere afterwards but with who gets it. @throws {RequestError} if there is no such user, or they have too many */
  async createToken(wish: TokenWish): Promise<NewToken> {
    return await this.#ofPrograms.create(wish);
  }

  /** With all that were made by it. @param by their own alone; undefined for any. @throws {RequestError} if there is no such token */
  async revoke(id: string, by: string | undefined): Promise<StoredToken> {
    return await this.#ofPrograms.revoke(id, by);
  }

  /** Tokens and sessions of this run last as long as they were made for. */
  async clockSet(shift: ClockShift): Promise<void> {
    await this.#ofPrograms.clockSet(shift);
    await this.sessions.clockSet(shift);
  }

  async #save(user: StoredUser, endsTokens: boolean): Promise<StoredUser> {
    if (!this.#users.has(user.name) && this.#users.size >= MOST_USERS) {
      throw new RequestError(409, `Nothing was changed: there are ${MOST_USERS} users already.`);
    }
    await this.#options.records.saveUser(user, { endsTokens });
    this.#users.set(user.name, user);
    if (endsTokens) this.#forgetProofs(user.name);
    return user;
  }

  #refuseTaken(name: string): void {
    if (!this.#users.has(name)) return;
    throw new RequestError(409, `Nothing was changed: there is a user '${name}' already.`);
  }

  #refuseImpostor({ name, issuer }: Arrival): void {
    if (!this.#users.has(name)) return;
    const reason = `there is a user '${name}' already, who is not the one of ${issuer}`;
    throw new RequestError(409, `You were not let in: ${reason}. Ask an administrator.`, {
      code: 'name-taken',
    });
  }

  #forgetProofs(user: string): void {
    this.sessions.forget(user);
    this.#ofPrograms.forget(user);
  }
}
