// What somebody who works on an image has seen of the name that the result is to have.
import { RequestError } from '../../errors.ts';
import type { Image } from './image.ts';

/** A name for an image that is still to be made. */
export type Target = {
  /** in full, with its tag */
  readonly name: string;
  /** digest of the image that has the name and that it may replace; undefined where it may replace none */
  readonly replaces?: string | undefined;
};

/**
 * @param facts.now the image that has the name
 * @param facts.digest of what is to have it
 * @throws {RequestError} if the name does not stand for what was seen: whoever was faster loses nothing, and what was
 * removed does not come back
 */
export function requireSeen(
  { name, replaces }: Target,
  { now, digest }: { readonly now: Image | undefined; readonly digest: string },
): void {
  if (now?.digest === replaces || now?.digest === digest) return;
  throw new RequestError(409, `Cannot save ${name}: ${whatHappened(now, replaces)}`);
}

function whatHappened(now: Image | undefined, replaces: string | undefined): string {
  if (now === undefined) return 'it was removed meanwhile. Choose another name.';
  if (replaces === undefined) {
    return 'an image of this name was made meanwhile. Choose another name.';
  }
  return 'the image has changed meanwhile. Choose another name, or start again from what it is now.';
}

/** @throws {RequestError} if a name differs from one of `others` in capitals only */
export function requireOtherName(name: string, others: Iterable<string>): void {
  for (const other of others) {
    if (other === name || other.toLowerCase() !== name.toLowerCase()) continue;
    throw new RequestError(
      409,
      `There is an image ${other} already: ${name} differs from it in capital letters only. Choose another name.`,
    );
  }
}
