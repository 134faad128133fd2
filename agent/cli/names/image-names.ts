// How people name their images.
import type { Argument } from '../command-line/command.ts';
import { FREE_OWNER } from './node-names.ts';

export const OWN_IMAGE_ARGUMENT: Argument = {
  name: 'IMAGE',
  help: 'an image of yours, as web or web:v2 (see walt image show)',
  names: 'own-image',
};

/** How its owner names an image: `web:v2` for `alice/web:v2`. */
export function shortImageName(full: string): string {
  return full.slice(full.indexOf('/') + 1);
}

/** Whether an image belongs to another user. Default images are nobody's. @param full `owner/name` with or without a tag */
export function isOfOther(full: string, user: string): boolean {
  const owner = full.slice(0, full.indexOf('/'));
  return owner !== user && owner !== FREE_OWNER;
}
