// What the server keeps of who may use the API. Times are microseconds since 1970, UTC.

/** What somebody may do by the API; the names are those of its table of calls. */
export type StoredRole = 'viewer' | 'user' | 'operator' | 'admin';

/** Somebody who may use the API from other machines. */
export type StoredUser = {
  /** owner of the images `<name>/…` */
  readonly name: string;
  readonly role: StoredRole;
  /** hashed; null where they come by tokens or a provider alone */
  readonly password: string | null;
  readonly created: number;
  /** has no way in until somebody says otherwise */
  readonly isDisabled: boolean;
  /** who says who they are; null where this server does */
  readonly provider: StoredProvider | null;
};

/** A user as a provider of OpenID Connect knows them. */
export type StoredProvider = {
  /** URL of the provider */
  readonly issuer: string;
  /** what never changes of them there, whatever they are called */
  readonly subject: string;
};

/** By what a program proves whose it is. */
export type StoredToken = {
  readonly id: string;
  readonly user: string;
  /** for people */
  readonly name: string;
  /** the most that it may, whatever its user may */
  readonly role: StoredRole;
  /** SHA-256 of the token, in hex */
  readonly hash: string;
  readonly created: number;
  readonly expires: number;
  /** id of the token that it was made by, and does not outlive */
  readonly maker: string | null;
};

/** A browser in which somebody has logged in. */
export type StoredSession = {
  /** SHA-256 of what the browser shows, in hex */
  readonly hash: string;
  readonly user: string;
  readonly created: number;
  readonly expires: number;
};

/** What is on disk of those. Each write is there when its promise resolves. */
export type AccessRecords = {
  /** In the order of their names. */
  users(): Promise<StoredUser[]>;
  /** The oldest first. */
  tokens(): Promise<StoredToken[]>;
  /** The oldest first. */
  sessions(): Promise<StoredSession[]>;
  /** Writes it, in place of what that name was. @param how.endsTokens none of their tokens and sessions is left */
  saveUser(user: StoredUser, how?: { readonly endsTokens?: boolean }): Promise<void>;
  /** With their tokens and sessions. */
  removeUser(name: string): Promise<void>;
  saveToken(token: StoredToken): Promise<void>;
  /** Its times are others. Does nothing where it is gone. */
  moveToken(token: StoredToken): Promise<void>;
  /** All of them, or none. */
  removeTokens(ids: readonly string[]): Promise<void>;
  saveSession(session: StoredSession): Promise<void>;
  /** Its times are others. Does nothing where it is gone. */
  moveSession(session: StoredSession): Promise<void>;
  removeSession(hash: string): Promise<void>;
};
