// What a browser shows of itself: the cookie of its session, and whose page asks. A browser sends the cookie by itself, so that a
// call that rests on it has to prove that a page of this server made it.
import type { IncomingHttpHeaders } from 'node:http';
import { RequestError } from '../../errors.ts';

/** The parts of a request that tell it. */
export type Shown = { readonly headers: IncomingHttpHeaders; readonly method?: string };

/** Browsers take a cookie of such a name only with Secure, for the whole of one host, from nobody else. */
const COOKIE = '__Host-walt-session';
/** Of a sign-in that has begun, until the browser is back from the provider. */
const SIGN_IN_COOKIE = '__Host-walt-sign-in';
/** A page of another server cannot send a header of its own without asking first, and is never answered. */
export const PAGE_HEADER = 'x-walt-page';
const SECRET = /^[A-Za-z0-9_-]{43}$/;
const RULES = 'Path=/; Secure; HttpOnly; SameSite=Strict';

/** The secret of the session; undefined where the browser shows none. */
export function sessionSecret(request: Shown): string | undefined {
  return secretOf(request, COOKIE);
}

/** The same of a sign-in that has begun. */
export function signInSecret(request: Shown): string | undefined {
  return secretOf(request, SIGN_IN_COOKIE);
}

function secretOf({ headers }: Shown, cookie: string): string | undefined {
  const shown = (headers.cookie ?? '').split(/; */).filter((part) => part.startsWith(`${cookie}=`));
  const [secret = '', ...others] = shown.map((part) => part.slice(cookie.length + 1));
  return others.length === 0 && SECRET.test(secret) ? secret : undefined;
}

/** Value of header `set-cookie`. */
export function sessionCookie(secret: string, seconds: number): string {
  return `${COOKIE}=${secret}; ${RULES}; Max-Age=${seconds}`;
}

/** The same for a sign-in that has begun. */
export function signInCookie(secret: string, seconds: number): string {
  return `${SIGN_IN_COOKIE}=${secret}; ${RULES}; Max-Age=${seconds}`;
}

/** The same for a sign-in that is over. */
export const NO_SIGN_IN_COOKIE = `${SIGN_IN_COOKIE}=; ${RULES}; Max-Age=0`;

/** The same for a session that is over. */
export const NO_SESSION_COOKIE = `${COOKIE}=; ${RULES}; Max-Age=0`;

/**
 * Passes what a page of this server asks: a look, a change with the header that pages send, a WebSocket with its origin.
 * @throws {RequestError} for all else
 */
export function refuseForeignPages({ headers, method }: Shown): void {
  const { origin, host, upgrade } = headers;
  const site = headers['sec-fetch-site'];
  const isOwn = origin === undefined ? upgrade === undefined : origin === `https://${host}`;
  const isHere =
    site === undefined || site === 'same-origin' || (site === 'none' && isLook(method));
  if (!isOwn || !isHere) {
    throw new RequestError(403, 'Pages of other servers may not make calls', {
      code: 'other-origin',
    });
  }
  // A WebSocket cannot have the header, and always has its origin.
  if (upgrade !== undefined || isLook(method) || headers[PAGE_HEADER] === '1') return;
  throw new RequestError(403, `Nothing was changed: expected header ${PAGE_HEADER}: 1`, {
    code: 'no-page-header',
  });
}

function isLook(method: string | undefined): boolean {
  return method === 'GET' || method === 'HEAD';
}
