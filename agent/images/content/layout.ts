// OCI layouts of images of the store, for other programs: those that change images, and those that send them.
import { link, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Blobs, writeIndex } from './blobs.ts';
import type { DescribedLayer } from './described.ts';
import type { Descriptor } from './descriptor.ts';
import { digestOf } from './digest.ts';
import type { LayerStore } from './layers/layer-store.ts';
import type { ArchiveWanted } from './layers/write-archives.ts';

const OCI = 'application/vnd.oci.image';
const TAR = `${OCI}.layer.v1.tar`;

type Options = {
  /** an empty folder of the file system of the store */
  readonly layout: string;
  readonly blobs: Blobs;
  readonly layers: LayerStore;
  /** Writes the archives of layers; @returns their lengths in bytes */
  readonly writeArchives: (wanted: readonly ArchiveWanted[]) => Promise<readonly number[]>;
};

/**
 * Makes a layout of one image, under tag `image`, with uncompressed layers; so its manifest is another one.
 * @throws {ImageError} if parts of the image are not here
 */
export async function makeLayout(digest: string, options: Options): Promise<void> {
  const { layout, blobs } = options;
  const image = await blobs.describe(digest);
  const sizes = await write(image.layers, options);
  const layers = image.layers.map(({ diffId }) => ({
    mediaType: TAR,
    digest: diffId,
    size: sizes.get(diffId) ?? 0,
  }));
  await addBlob(image.config, { layout, blobs });
  const config = { ...image.config, mediaType: `${OCI}.config.v1+json` };
  const mediaType = `${OCI}.manifest.v1+json`;
  const manifest = { schemaVersion: 2, mediaType, config, layers };
  const bytes = Buffer.from(JSON.stringify(manifest));
  await writeFile(join(layout, 'blobs', ...digestOf(bytes).split(':')), bytes);
  await writeIndex(layout, { digest: digestOf(bytes), size: bytes.length });
}

/**
 * As `makeLayout`, but with the manifest that the image came with. Layers that came compressed are not in it: who has them
 * already needs no others.
 */
export async function makeLayoutAsItCame(digest: string, options: Options): Promise<void> {
  const { layout, blobs } = options;
  const { config, layers } = await blobs.describe(digest);
  await write(
    layers.filter(({ descriptor, diffId }) => descriptor.digest === diffId),
    options,
  );
  await addBlob(config, { layout, blobs });
  const size = await addBlob({ digest }, { layout, blobs });
  await writeIndex(layout, { digest, size });
}

/** @returns lengths in bytes, by diff ID */
async function write(
  described: readonly DescribedLayer[],
  { layout, layers, writeArchives }: Options,
): Promise<ReadonlyMap<string, number>> {
  await mkdir(join(layout, 'blobs/sha256'), { recursive: true });
  const diffIds = [...new Set(described.map(({ diffId }) => diffId))];
  const lengths = await writeArchives(
    diffIds.map((diffId) => ({
      folder: layers.folderOf(diffId),
      path: join(layout, 'blobs', ...diffId.split(':')),
    })),
  );
  return new Map(diffIds.map((diffId, at) => [diffId, lengths[at] ?? 0]));
}

/** @returns its length in bytes */
async function addBlob(
  { digest }: Pick<Descriptor, 'digest'>,
  { layout, blobs }: Pick<Options, 'layout' | 'blobs'>,
): Promise<number> {
  const target = join(layout, 'blobs', ...digest.split(':'));
  await mkdir(dirname(target), { recursive: true });
  await link(blobs.pathOf(digest), target);
  return await blobs.sizeOf(digest);
}
