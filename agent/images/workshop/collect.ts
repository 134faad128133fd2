// What `walt image gc` does: deletes what nothing needs, and tells which images nobody has used for long.

import { RequestError } from '../../errors.ts';
import { freeBytes } from '../content/folders/disk-space.ts';
import type { Image } from '../content/image.ts';
import type { ImageStore } from '../intake/image-store.ts';

/** What became free, and what could. */
export type Collected = {
  readonly folders: number;
  readonly blobs: number;
  /** bytes that became free */
  readonly freed: number;
  /** images that were removed for not being used */
  readonly removed: string[];
  /** images that could be removed */
  readonly unused: { readonly name: string; readonly days: number; readonly size: number }[];
};

type Options = {
  readonly removeUnused: boolean;
  readonly unusedDays: number;
  /** names of images that nodes have, and keys of the folders that they run from, as they are now */
  readonly inUse: () => { readonly names: readonly string[]; readonly keys: readonly string[] };
  /** microseconds since 1970 */
  readonly clock: () => number;
};

const DAY_US = 86_400_000_000;

/** Frees what neither an image nor a node needs; with `removeUnused` also images that no node had for long. */
export async function collectImages(images: ImageStore, options: Options): Promise<Collected> {
  const { removeUnused, unusedDays, inUse, clock } = options;
  const before = await freeBytes(images.folder);
  const days = ({ used, created }: Image) =>
    Math.floor((clock() - Math.max(used, created)) / DAY_US);
  const isIdle = (image: Image) => !inUse().names.includes(image.name) && days(image) >= unusedDays;
  const idle = images
    .all()
    .filter(isIdle)
    .map((image) => ({ name: image.name, days: days(image), size: image.size }));
  const removed: string[] = [];
  for (const { name } of removeUnused ? idle : []) {
    if (await removeIf(isIdle, { name, images })) removed.push(name);
  }
  const { folders, blobs } = await images.collect(() => inUse().keys);
  const freed = Math.max(0, (await freeBytes(images.folder)) - before);
  return { folders, blobs, freed, removed, unused: removeUnused ? [] : idle };
}

/** A node may have got the image, or somebody have removed it, while others were removed. @returns whether it did */
async function removeIf(
  isIdle: (image: Image) => boolean,
  { name, images }: { readonly name: string; readonly images: Pick<ImageStore, 'remove'> },
): Promise<boolean> {
  const check = (image: Image) => {
    if (!isIdle(image)) throw new RequestError(409, `Image ${name} is in use`);
  };
  return await images.remove(name, check).then(
    () => true,
    (thrown: unknown) => {
      if (thrown instanceof RequestError) return false;
      throw thrown;
    },
  );
}
