// Reaction: a machine whose model has no image starts the search for one.
import type { DefaultImages } from '../../images/intake/default-images.ts';
import type { Publisher } from '../publisher.ts';

/** Asks for the default image of each model that a machine announced and that has none. */
export function fetchDefaultImages(
  publisher: Publisher,
  defaults: Pick<DefaultImages, 'want'>,
): void {
  publisher.on('images', ['no-image'], ({ model }) => defaults.want(model));
}
