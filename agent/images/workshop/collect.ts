// What `walt image gc` does: deletes what nothing needs, and tells which images nobody has used for long.

import { freeBytes } from '../content/disk-space.ts';
import type { Image } from '../content/image.ts';
import type { ImageStore } from '../intake/image-store.ts';

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
  /** names of images that nodes have */
  readonly names: readonly string[];
  /** folders that nodes run from */
  readonly keys: readonly string[];
  /** microseconds since 1970 */
  readonly clock: () => number;
};

const DAY_US = 86_400_000_000;

export async function collectImages(images: ImageStore, options: Options): Promise<Collected> {
  const { removeUnused, unusedDays, names, keys, clock } = options;
  const before = await freeBytes(images.folder);
  const days = ({ used, created }: Image) =>
    Math.floor((clock() - Math.max(used, created)) / DAY_US);
  const idle = images
    .all()
    .filter((image) => !names.includes(image.name) && days(image) >= unusedDays)
    .map((image) => ({ name: image.name, days: days(image), size: image.size }));
  const removed: string[] = [];
  for (const { name } of removeUnused ? idle : []) {
    await images.remove(name);
    removed.push(name);
  }
  const { folders, blobs } = await images.collect(keys);
  const freed = Math.max(0, (await freeBytes(images.folder)) - before);
  return { folders, blobs, freed, removed, unused: removeUnused ? [] : idle };
}
