// What the server keeps of the names of images.
import type { Image } from '../../images/content/image.ts';

/** One change of the images: a name stands for this content from now on, or for none. */
export type ImageWrite =
  | { readonly kind: 'save'; readonly image: Image }
  | { readonly kind: 'forget'; readonly name: string };

/** What is on disk of the names of images. */
export type ImageRecords = {
  /** All images, in the order of their names. */
  all(): Promise<Image[]>;
  /** Writes the changes in one transaction: all of them are on disk when the promise resolves, none when it rejects. */
  write(changes: readonly ImageWrite[]): Promise<void>;
};
