// Who makes a call, and whether they may. This is the only place that decides it.
import type { Accounts } from '../access/accounts.ts';
import { OthersError, RequestError } from '../errors.ts';
import { isOwnerName } from '../images/content/image.ts';
import { type Call, type Caller, ROLES, type Role } from './calls/call.ts';
import { refuseForeignPages, type Shown, sessionSecret } from './page/browser.ts';

/** What is known of whoever makes a request. */
export type Identity = {
  readonly role: Role;
  /** for whom they act; undefined where they did not say, or said what can own no image */
  readonly user: string | undefined;
  /** id of the token that proves it */
  readonly token?: string;
};

/** Tells who makes a request. @throws {RequestError} if they do not prove it */
export type Identify = (request: Shown) => Identity;

/** Who does with nodes of others what they were asked about. */
const MAY_TAKE_OTHERS: Role = 'operator';
const NOBODY: Identity = { role: 'viewer', user: undefined };
const BEARER = /^Bearer +([A-Za-z0-9._~+/=-]+) *$/i;

/**
 * The socket is open to administrators of this machine alone; they say for which user they act
 * (docs/decisions/0009-users.md).
 */
export const whoeverIsOnTheSocket: Identify = ({ headers }) => {
  const user = headers['x-walt-user'];
  const isName = typeof user === 'string' && isOwnerName(user);
  return { role: 'admin', user: isName ? user : undefined };
};

/**
 * Elsewhere a token tells it, which no browser sends by itself; or the session of a browser, as far as a page of this server
 * makes the call.
 */
export function whoeverHasToken(accounts: Pick<Accounts, 'byToken' | 'sessions'>): Identify {
  return (request) => {
    const [, token] = BEARER.exec(request.headers.authorization ?? '') ?? [];
    if (token !== undefined) return accounts.byToken(token);
    const secret = request.headers.authorization === undefined ? sessionSecret(request) : undefined;
    if (secret !== undefined) {
      refuseForeignPages(request);
      return accounts.sessions.bySecret(secret);
    }
    const how = 'expected header authorization: Bearer TOKEN (walt login, or walt token create)';
    throw new RequestError(401, `Cannot tell who asks: ${how}`, { code: 'no-token' });
  };
}

/**
 * @returns who makes the call; a viewer may not have said it
 * @throws {RequestError} if the caller may not make it, or it needs to know who asks
 */
export function authorise(
  call: Pick<Call, 'role' | 'isOpen' | 'needsUser'>,
  identify: () => Identity,
): Pick<Caller, 'role' | 'user' | 'token'> {
  const { role, user, token } = call.isOpen === true ? NOBODY : identify();
  if (!isAtLeast(role, call.role)) {
    throw new RequestError(
      403,
      `You may not do this: it takes role ${call.role}, yours is ${role}`,
    );
  }
  if (user === undefined && (call.role !== 'viewer' || call.needsUser === true)) {
    throw new RequestError(
      400,
      'Cannot tell who asks: expected header x-walt-user with a name of small letters and digits, with single dots, dashes and underscores between them',
    );
  }
  return { role, user: user ?? '', ...(token === undefined ? {} : { token }) };
}

/** What is asked for, as far as this role may: whose flag for nodes of others counts for nothing is refused those alone. */
export function asPermitted<Asked extends object>(asked: Asked, role: Role): Asked {
  if (!('takesOthers' in asked) || isAtLeast(role, MAY_TAKE_OTHERS)) return asked;
  return { ...asked, takesOthers: false };
}

/** What a caller is told who was refused things of others: a flag helps only those who may. */
export function asTold(reason: unknown, role: Role): unknown {
  if (!(reason instanceof OthersError) || isAtLeast(role, MAY_TAKE_OTHERS)) return reason;
  const needed = `it takes role ${MAY_TAKE_OTHERS} to do it all the same, yours is ${role}`;
  return new RequestError(403, `Nothing was changed: ${reason.theirs}. Ask them: ${needed}.`, {
    cause: reason,
    code: 'of-others',
  });
}

function isAtLeast(role: Role, least: Role): boolean {
  return ROLES.indexOf(role) >= ROLES.indexOf(least);
}
