// The name under which a person owns images, from the name of their account.
import { CommandError } from '../command-line/command-error.ts';

/**
 * Names of images have small letters, digits, dots, dashes and underscores: `DOM\Alice` is `dom-alice`.
 * @throws {CommandError} if nothing of the name can be used
 */
export function userName(account: string): string {
  const name = account
    .toLowerCase()
    .replaceAll(/[^a-z0-9._-]/g, '-')
    .replace(/^[._-]+/, '');
  if (name !== '') return name;
  throw new CommandError(
    `Cannot use '${account}' as the name of a user: set WALT_USER to one with letters or digits`,
  );
}
