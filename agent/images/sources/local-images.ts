// The images of this server, as far as sources need them: to be listed, and to be sent.
import type { Image } from '../content/image.ts';

export type LocalImages = {
  readonly all: () => Image[];
  /** Makes an OCI layout of the image, under tag `image`, in the empty folder `layout` of `withWork`. */
  readonly makeLayout: (image: Image, layout: string) => Promise<void>;
  /** Calls `use` with a folder of its own, which is gone afterwards. */
  readonly withWork: <Result>(use: (work: string) => Promise<Result>) => Promise<Result>;
};
