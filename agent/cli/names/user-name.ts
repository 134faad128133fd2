// The name under which a person owns images.
import { CommandError } from '../command-line/command-error.ts';

const NAME = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*$/;
const JOINT = /^(?:\.|_|__|-+)$/;

/**
 * The name that was chosen by WALT_USER, as it is, or else one made of the name of the account: `DOM\Alice` is `dom-alice`.
 * @param account asked where nothing was chosen; may throw where the system has no name for the account
 * @throws {CommandError} if a chosen name cannot own images, or nothing of the account's name can be used
 */
export function userName(chosen: string | undefined, account: () => string): string {
  if (chosen === undefined) return bent(nameOf(account));
  if (NAME.test(chosen)) return chosen;
  throw new CommandError(
    `Cannot act for WALT_USER='${chosen}': names of users are small letters and digits, with single dots, dashes or ` +
      'underscores between them',
  );
}

function nameOf(account: () => string): string {
  try {
    return account();
  } catch (cause) {
    throw new CommandError('Cannot tell who you are: your account has no name. Set WALT_USER.', {
      cause,
    });
  }
}

function bent(account: string): string {
  const name = account
    .toLowerCase()
    .replaceAll(/[^a-z0-9._-]/g, '-')
    .replaceAll(/[._-]+/g, (joint) => (JOINT.test(joint) ? joint : '-'))
    .replaceAll(/^[._-]+|[._-]+$/g, '');
  if (name !== '') return name;
  throw new CommandError(
    `Cannot use '${account}' as the name of a user: set WALT_USER to one with letters or digits`,
  );
}
