// The parts with which people work on images, built on one store.
import type { Registry } from '../../config/sections/images.ts';
import type { ImageStore } from '../intake/image-store.ts';
import { ImageExchange } from '../sources/exchange.ts';
import type { Containers } from './containers.ts';
import { ShellRuns } from './shells/runs.ts';
import { Shells } from './shells/shells.ts';
import { WorkingSet } from './working-set.ts';
import { Workshop } from './workshop.ts';

type Options = {
  readonly containers: Containers;
  readonly registries: readonly Registry[];
  /** names of the nodes that boot this image */
  readonly nodesOf: (imageName: string) => readonly string[];
  /** microseconds since 1970 */
  readonly clock: () => number;
  /** takes what became of work on an image, for the log */
  readonly note: (image: string, text: string) => void;
};

/** What people do with the images of a store. */
export function buildWorkbench(
  images: ImageStore,
  { containers, registries, nodesOf, clock, note }: Options,
) {
  const workshop = new Workshop(images, containers);
  const workingSet = new WorkingSet({ images, nodesOf });
  return {
    workshop,
    workingSet,
    shellRuns: new ShellRuns(),
    shells: new Shells({ workshop, workingSet, images, clock, note }),
    exchange: new ImageExchange(images, registries),
  };
}
