// Who asks. The socket is open to administrators of this machine only; they say for which user they act
// (docs/decisions/0009-users.md).
import type { FastifyRequest } from 'fastify';
import { RequestError } from '../errors.ts';
import { isOwnerName } from '../images/content/image.ts';

/** @throws {RequestError} if the request does not say, or says what can own no image */
export function callerOf({ headers }: Pick<FastifyRequest, 'headers'>): string {
  const user = headers['x-walt-user'];
  if (typeof user === 'string' && isOwnerName(user)) return user;
  throw new RequestError(
    400,
    'Cannot tell who asks: expected header x-walt-user with a name of small letters and digits, with single dots, dashes and underscores between them',
  );
}
