// The images of this server, as far as sources need them: to be listed, and to be sent.
import type { Image } from '../content/image.ts';

/** Of the store, what registries are sent and searches go through. */
export type LocalImages = {
  readonly all: () => Image[];
  /**
   * Makes an OCI layout of the image, under tag `image`, in the empty folder `layout` of `withWork`: with its own manifest and
   * without the layers that came compressed, or with all layers uncompressed.
   */
  readonly makeLayout: (
    image: Image,
    layout: string,
    options: { readonly asItCame: boolean },
  ) => Promise<void>;
  /** Calls `use` with a folder of its own, which is gone afterwards. */
  readonly withWork: <Result>(use: (work: string) => Promise<Result>) => Promise<Result>;
};
