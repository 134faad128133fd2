// Tells when the mounting of images has begun: from then on the server waits for programs, and may compute something meanwhile.
import type { Mounter } from '../../host/mounting/mounter.ts';

/** @returns the mounter, and what resolves once it has begun to mount an image */
export function watchedMounts(mounter: Mounter): {
  readonly mounter: Mounter;
  readonly begun: Promise<void>;
} {
  const { promise: begun, resolve } = Promise.withResolvers<void>();
  return {
    begun,
    mounter: {
      ...mounter,
      mountErofs: (place, mountable) => {
        const mounted = mounter.mountErofs(place, mountable);
        // Behind the turn in which the program is started.
        setImmediate(resolve);
        return mounted;
      },
    },
  };
}
