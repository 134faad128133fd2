// Containers in this process.
import { copyFromDaemon } from '../sources/daemon-image.ts';
import { Buildah } from './buildah.ts';
import type { Containers } from './containers.ts';
import { makeRunnable } from './foreign.ts';
import { endLeftovers } from './leftovers.ts';

/** Needs the rights of root: programs of images run with what they take. */
export const ownContainers: Containers = {
  open: (work, signal) => Buildah.open(work, signal),
  makeRunnable: (architecture) => makeRunnable(architecture),
  endLeftovers,
  copyFromDaemon,
};
