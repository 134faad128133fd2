// The role that somebody typed.
import { CommandError } from '../command-line/command-error.ts';

/** From the least powerful to the most. */
export const ROLES = ['viewer', 'user', 'operator', 'admin'] as const;
/** What somebody, or a token, may do. */
export type Role = (typeof ROLES)[number];

/** @throws {CommandError} if there is no such role */
export function roleNamed(text: string): Role {
  const role = ROLES.find((one) => one === text);
  if (role !== undefined) return role;
  throw new CommandError(
    `Nothing was changed: there is no role '${text}', expected ${ROLES.join(', ')}`,
  );
}
