// What a request says besides the fields of its call: where it comes from, its browser, its body.
import type { FastifyReply, FastifyRequest } from 'fastify';
import { RequestError } from '../../errors.ts';
import type { Browser, Call } from '../calls/call.ts';
import {
  NO_SESSION_COOKIE,
  NO_SIGN_IN_COOKIE,
  refuseForeignPages,
  sessionCookie,
  sessionSecret,
  signInCookie,
  signInSecret,
} from '../page/browser.ts';

/** A browser says whose page asks. No page of others may, whatever it has found out. */
export function refuseOtherPages({ headers }: FastifyRequest): void {
  const { origin, host } = headers;
  if (origin === undefined || origin === `https://${host}`) return;
  throw new RequestError(403, 'Pages of other servers may not make calls', {
    code: 'other-origin',
  });
}

/** What answers may ask of the browser that a call comes from, and tell it. */
export function browserOf(request: FastifyRequest, reply: FastifyReply): Browser {
  return {
    secret: sessionSecret(request),
    signIn: signInSecret(request),
    refuseForeignPages: () => refuseForeignPages(request),
    forgetSignIn: () => reply.header('set-cookie', NO_SIGN_IN_COOKIE),
    keepSignIn: (secret, seconds) => reply.header('set-cookie', signInCookie(secret, seconds)),
    keep: (secret, seconds) => reply.header('set-cookie', sessionCookie(secret, seconds)),
    forget: () => reply.header('set-cookie', NO_SESSION_COOKIE),
  };
}

/** Where it comes from; empty on a unix socket. */
export function addressOf({ raw }: FastifyRequest): string {
  return raw.socket.remoteAddress?.replace(/^::ffff:/, '') ?? '';
}

/** Bytes are read by the answer, at its pace; of an answer that needs no more, not much more is heard. */
export function bodyOf({ body, raw }: FastifyRequest, { takesBytes }: Call) {
  if (takesBytes !== true) return { bytes: undefined, fields: body };
  return { bytes: body === raw ? raw : undefined, fields: {} };
}

/** Behind which event a follower goes on. */
export function lastEventIdOf({ headers }: FastifyRequest): string | undefined {
  const id = headers['last-event-id'];
  return typeof id === 'string' ? id : undefined;
}
