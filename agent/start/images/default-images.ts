// Fetches the images that machines wait for.
import type { Registry } from '../../devices/registry.ts';
import type { Publisher } from '../../events/publisher.ts';
import { fetchDefaultImages } from '../../events/reactions/fetch-default-images.ts';
import {
  DefaultImages,
  pullDefaultImage,
  waitingModels,
} from '../../images/intake/default-images.ts';
import type { ImageStore } from '../../images/intake/image-store.ts';
import type { Problem } from '../telling/journal.ts';
import type { Announce } from './images.ts';

type Parts = {
  readonly images: ImageStore;
  readonly registry: Registry;
  readonly announce: Announce;
  readonly publisher: Publisher;
  readonly problem: Problem;
};

/** Machines that wait already are looked after too. */
export function startDefaultImages(
  { images, registry, announce, publisher, problem }: Parts,
  services: AsyncDisposableStack,
): DefaultImages {
  const waiting = () =>
    waitingModels(registry.all()).filter((model) => images.defaultOf(model) === undefined);
  const defaults = new DefaultImages({
    publish: publisher.publish,
    imageOf: images.defaultNameOf,
    waiting,
    fetch: async (model, options) => announce(await pullDefaultImage(images, model, options)),
  });
  services.defer(() => defaults.stop());
  fetchDefaultImages(publisher, defaults);
  for (const model of waiting()) defaults.want(model);
  images.renewAll().catch(problem('images'));
  return defaults;
}
