// The parts with which people work on images, built on one store.
import type { Registry } from '../../config/config.ts';
import type { ImageStore } from '../intake/image-store.ts';
import { ImageExchange } from '../sources/exchange.ts';
import { Shells } from './shells.ts';
import { WorkingSet } from './working-set.ts';
import { Workshop } from './workshop.ts';

type Options = {
  readonly registries: readonly Registry[];
  /** names of the nodes that boot this image */
  readonly nodesOf: (imageName: string) => readonly string[];
};

export function buildWorkbench(images: ImageStore, { registries, nodesOf }: Options) {
  const workshop = new Workshop(images);
  const workingSet = new WorkingSet({ images, nodesOf });
  return {
    workshop,
    workingSet,
    shells: new Shells({ workshop, workingSet, images }),
    exchange: new ImageExchange(images, registries),
  };
}
