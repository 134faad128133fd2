// Who a provider says that somebody is, as a user of this server. Pure.
import { RequestError } from '../../errors.ts';
import { oneLine } from '../../host/text/shown-text.ts';
import type { StoredRole } from '../../store/records/access.ts';
import type { Arrival, GivenRole } from '../arrivals.ts';

/** What the provider signed, or said of the user. */
export type Claims = Readonly<Record<string, unknown>>;

/** How those are read. */
export type ClaimsRules = {
  readonly userClaim: string;
  readonly rolesClaim: string;
  readonly roles: Readonly<Record<StoredRole, readonly string[]>>;
  readonly defaultRole?: StoredRole | undefined;
  /** names that no user may have */
  readonly reserved: readonly string[];
};

/** The most powerful first. */
const ROLES = ['admin', 'operator', 'user', 'viewer'] as const satisfies readonly StoredRole[];
/** As `users.create` takes it. */
const NAME = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*$/;
const LONGEST = 64;

/** @throws {RequestError} if they are called what no user can be called */
export function arrivalOf(
  claims: Claims,
  { issuer, subject }: { readonly issuer: string; readonly subject: string },
  rules: ClaimsRules,
): Arrival {
  return { issuer, subject, name: nameOf(claims, rules), role: roleOf(claims, rules) };
}

/** Whether roles come from the provider each time, so that nobody changes them here. */
export function givesRoles({ roles }: Pick<ClaimsRules, 'roles'>): boolean {
  return ROLES.some((role) => roles[role].length > 0);
}

/** Whether something is missing that the provider may say when it is asked about the user. */
export function lacksClaims(claims: Claims, rules: ClaimsRules): boolean {
  const hasName = claimOf(claims, rules.userClaim) !== undefined;
  return !hasName || (givesRoles(rules) && claimOf(claims, rules.rolesClaim) === undefined);
}

function nameOf(claims: Claims, { userClaim, reserved }: ClaimsRules): string {
  const said = claimOf(claims, userClaim);
  if (typeof said !== 'string') {
    throw refused(`your provider does not say what you are called (claim ${userClaim})`);
  }
  const name = said.toLowerCase();
  const isGood = NAME.test(name) && name.length <= LONGEST;
  if (isGood && !reserved.includes(name)) return name;
  const shown = oneLine(said.slice(0, LONGEST));
  const how = isGood
    ? 'which nobody may be called here'
    : 'expected letters and digits, with single dots, dashes or underscores between them';
  throw refused(`your provider calls you '${shown}' (claim ${userClaim}), ${how}`);
}

function roleOf(claims: Claims, rules: ClaimsRules): GivenRole {
  const said = claimOf(claims, rules.rolesClaim);
  const words = Array.isArray(said) ? said : [said];
  const given = ROLES.find((role) => rules.roles[role].some((word) => words.includes(word)));
  const role = given ?? rules.defaultRole;
  if (role === undefined) return { kind: 'none' };
  return { kind: givesRoles(rules) ? 'each' : 'first', role };
}

/** A claim may have a dot in its name; else a dot stands for a level. */
function claimOf(claims: Claims, name: string): unknown {
  if (Object.hasOwn(claims, name)) return claims[name];
  let value: unknown = claims;
  for (const part of name.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, part))
      return undefined;
    value = (value as Claims)[part];
  }
  return value;
}

function refused(reason: string): RequestError {
  const text = `You were not let in: ${reason}. Ask an administrator.`;
  return new RequestError(403, text, { code: 'no-account' });
}
