// What becomes of somebody whom a provider of OpenID Connect has named: a user of this server, or nobody. Pure.
import type { StoredRole, StoredUser } from '../store/records/access.ts';

/** Somebody who has proved to a provider who they are. */
export type Arrival = {
  /** URL of the provider */
  readonly issuer: string;
  /** what never changes of them there */
  readonly subject: string;
  /** what they are called here, if they are new */
  readonly name: string;
  readonly role: GivenRole;
};

/** Where a role comes from: `each` time from the provider, `first` for who is new and changed here later, or there is none. */
export type GivenRole =
  | { readonly kind: 'each' | 'first'; readonly role: StoredRole }
  | { readonly kind: 'none' };

/** @param known who they were until now. @param at microseconds since 1970 */
export function arrivedUser(
  { issuer, subject, name, role }: Arrival,
  known: StoredUser | undefined,
  at: number,
): StoredUser | { readonly refusal: string } {
  if (known?.isDisabled === true) {
    return { refusal: 'Your account is disabled: ask an administrator.' };
  }
  if (role.kind === 'none') {
    return {
      refusal: `You have no account here: your provider gives '${name}' no role of this server. Ask an administrator.`,
    };
  }
  if (known !== undefined) return role.kind === 'each' ? { ...known, role: role.role } : known;
  return {
    ...{ name, role: role.role, password: null, created: at },
    ...{ isDisabled: false, provider: { issuer, subject } },
  };
}
