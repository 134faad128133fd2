// From a copied image to a folder that nodes mount: check its layers, unpack, check the image, share, lay the node side over, seal.
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { ImageError, messageOf, WaltError } from '../../errors.ts';
import type { Blobs } from '../content/blobs.ts';
import { modelsOf, problemsOf } from '../content/check/check.ts';
import { freeBytes } from '../content/disk-space.ts';
import type { Image } from '../content/image.ts';
import type { ImageFolders } from '../content/image-folders.ts';
import { scanLayers } from '../content/layers/scan-layers.ts';
import type { Progress } from '../content/progress.ts';
import type { TemplateNote } from '../content/templates/fill.ts';
import { makeTopLayout } from '../content/top-layers.ts';
import { type OciImage, unpackLayout } from '../sources/oci.ts';
import { grow } from './grow.ts';
import { shareFiles } from './share-files.ts';

export type IntakeOptions = {
  readonly name: string;
  readonly blobs: Blobs;
  readonly folders: ImageFolders;
  /** images with layers in common, those with most of them first */
  readonly relatives: readonly Image[];
  readonly maxFiles: number;
  readonly maxBytes: number;
  /** a folder of this intake alone */
  readonly work: string;
  readonly progress: Progress;
};

/**
 * Does nothing if the folder is there.
 * @returns what is odd about the image, though it can boot a node
 * @throws {ImageError} if the image cannot boot a node; nothing of it stays but in `work`
 */
export async function takeIn(
  image: OciImage,
  options: IntakeOptions,
): Promise<readonly TemplateNote[]> {
  const { name, blobs, folders, work, progress } = options;
  if (folders.isCurrent(image.digest)) {
    progress('already unpacked');
    return [];
  }
  try {
    progress('checking the layers');
    await checkLayers(image, options);
    const grown = await growFromBase(image, options);
    const unpacked = grown ?? (await unpack(image, options));
    progress('checking the image');
    const models = modelsOf(image.labels);
    const problems = await problemsOf(unpacked, { models, architecture: image.architecture });
    if (problems.length > 0) throw new ImageError(`Cannot use image ${name}:`, problems);
    const rootfs = grown ?? (await share(unpacked, options));
    progress('adding the node side');
    return await folders.seal(image.digest, rootfs, { work });
  } catch (thrown) {
    if (!(thrown instanceof ImageError)) await dropDamaged(image.digest, blobs);
    throw thrown instanceof WaltError
      ? thrown
      : new ImageError(`Cannot use image ${name}: ${messageOf(thrown)}`, [], { cause: thrown });
  }
}

async function checkLayers(image: OciImage, options: IntakeOptions): Promise<void> {
  const { name, blobs, work, maxFiles, maxBytes } = options;
  const free = await freeBytes(work);
  const limits =
    free < maxBytes
      ? {
          maxFiles,
          maxBytes: free,
          bytesReason: 'what is free on the disk; walt image gc may help',
        }
      : { maxFiles, maxBytes, bytesReason: 'images.maxGigabytes' };
  await scanLayers(image.layers, { blobs, limits }).catch((thrown: unknown) => {
    if (!(thrown instanceof ImageError)) throw thrown;
    throw new ImageError(`Cannot use image ${name}: ${thrown.message}`, [], { cause: thrown });
  });
}

/** Undefined where no image is here that has the lower layers of this one, or it cannot be done that way. */
async function growFromBase(
  image: OciImage,
  { relatives, blobs, folders, work, progress }: IntakeOptions,
): Promise<string | undefined> {
  const isBase = ({ digest, layers }: Image) =>
    layers.length > 0 &&
    layers.length < image.layers.length &&
    layers.every((layer, index) => layer === image.layers[index]) &&
    folders.isCurrent(digest);
  const base = relatives.find(isBase);
  if (base === undefined) return undefined;
  const layout = join(work, 'top');
  const below = base.layers.length;
  if (!(await makeTopLayout(image.digest, { layout, blobs, below }))) return undefined;
  progress(`unpacking what it adds to ${base.name}`);
  await folders.copyTo(join(work, 'grown'), base.digest);
  return await grow({ layout, work }).catch(() => undefined);
}

async function share(
  unpacked: string,
  { relatives, folders, work }: IntakeOptions,
): Promise<string> {
  const keys = new Set(relatives.flatMap(({ digest }) => folders.keyOf(digest) ?? []));
  return await shareFiles(unpacked, {
    target: join(work, 'shared'),
    relatives: [...keys].map(folders.rootOf),
  });
}

async function unpack(image: OciImage, { blobs, work, progress }: IntakeOptions): Promise<string> {
  progress('unpacking');
  const layout = join(work, 'layout');
  await mkdir(layout);
  await blobs.makeLayout(image.digest, layout);
  const rootfs = join(work, 'rootfs');
  await unpackLayout(layout, rootfs);
  return rootfs;
}

/** A blob that the disk has spoilt would fail every further try: it is fetched again then. */
async function dropDamaged(digest: string, blobs: Blobs): Promise<void> {
  for (const part of await blobs.partsOf(digest).catch(() => [digest])) {
    if (!(await blobs.isSound(part))) await blobs.remove(part);
  }
}
