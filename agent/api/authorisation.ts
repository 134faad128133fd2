// Who makes a call, and whether they may. This is the only place that decides it.
import type { FastifyRequest } from 'fastify';
import { RequestError } from '../errors.ts';
import { isOwnerName } from '../images/content/image.ts';
import { type Call, ROLES, type Role } from './calls/call.ts';

/** What is known of whoever makes a request. */
export type Identity = {
  readonly role: Role;
  /** for whom they act; undefined where they did not say, or said what can own no image */
  readonly user: string | undefined;
};

/** Tells who makes a request. */
export type Identify = (request: Pick<FastifyRequest, 'headers'>) => Identity;

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
 * @returns for whom the call is made; empty for a viewer who did not say
 * @throws {RequestError} if the caller may not make it, or it needs to know who asks
 */
export function authorise(call: Pick<Call, 'role'>, { role, user }: Identity): string {
  if (ROLES.indexOf(role) < ROLES.indexOf(call.role)) {
    throw new RequestError(
      403,
      `You may not do this: it takes role ${call.role}, yours is ${role}`,
    );
  }
  if (user === undefined && call.role !== 'viewer') {
    throw new RequestError(
      400,
      'Cannot tell who asks: expected header x-walt-user with a name of small letters and digits, with single dots, dashes and underscores between them',
    );
  }
  return user ?? '';
}
