// From a copied image to a folder that nodes mount: unpack, check, share, lay the node side over, seal.
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { ImageError } from '../errors.ts';
import type { Blobs } from './blobs.ts';
import { modelsOf, problemsOf } from './check.ts';
import type { ImageFolders } from './image-folders.ts';
import { type OciImage, unpackLayout } from './oci.ts';

export type Progress = (step: string) => void;

/**
 * Does nothing if the folder is there.
 * @param work a folder of this intake alone
 * @throws {ImageError} if the image cannot boot a node; nothing of it stays but in `work`
 */
export async function takeIn(
  image: OciImage,
  options: {
    readonly name: string;
    readonly blobs: Blobs;
    readonly folders: ImageFolders;
    readonly work: string;
    readonly progress: Progress;
  },
): Promise<void> {
  const { name, blobs, folders, work, progress } = options;
  if (folders.isCurrent(image.digest)) return progress('already unpacked');
  progress('unpacking');
  const layout = join(work, 'layout');
  await mkdir(layout);
  await blobs.makeLayout(image.digest, layout);
  const bundle = join(work, 'bundle');
  await unpackLayout(layout, bundle);
  const rootfs = join(bundle, 'rootfs');
  progress('checking');
  const problems = await problemsOf(rootfs, modelsOf(image.labels));
  if (problems.length > 0) throw new ImageError(`Cannot use image ${name}:`, problems);
  progress('adding the node side');
  await folders.seal(image.digest, rootfs, work);
}
