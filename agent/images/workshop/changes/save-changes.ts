// What changed on a running node becomes one layer on top of the image that the node runs.
import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { ImageError } from '../../../errors.ts';
import type { Manifest } from '../../content/descriptor.ts';
import { digestOf } from '../../content/digest.ts';
import { freeBytes } from '../../content/folders/disk-space.ts';
import type { Image } from '../../content/image.ts';
import type { Progress } from '../../content/progress.ts';
import type { ImageSource, PartPlace } from '../../content/source.ts';
import type { Target } from '../../content/target.ts';
import type { ImageStore } from '../../intake/image-store.ts';
import { type Changes, writeLayerOf } from './layer-of-changes.ts';

type Store = Pick<ImageStore, 'withWork' | 'documentsOf' | 'take'>;

type Saving = {
  /** digest of the image that the node runs */
  readonly base: string;
  /** name of the node */
  readonly node: string;
  /** the upper folder of its overlayfs, as a tar */
  readonly archive: AsyncIterable<Uint8Array>;
  readonly target: Target;
  readonly progress: Progress;
};

type Layer = { readonly digest: string; readonly size: number; readonly changes: Changes };

/** The share of the free disk that a layer may take before it is even an image. */
const MOST_OF_DISK = 0.5;

/**
 * Makes an image of the one that a node runs and of what changed there.
 * @throws {ImageError | RequestError} with nothing changed
 */
export async function saveChanges(store: Store, saving: Saving): Promise<Image> {
  const { base, node, archive, target, progress } = saving;
  return await store.withWork(async (work) => {
    const documents = await store.documentsOf({ digest: base });
    const path = join(work, 'changes.tar');
    const layer = await writeLayer(archive, path);
    const { files, removed } = layer.changes;
    if (files + removed === 0)
      throw new ImageError(`Nothing changed on ${node}, so there is nothing to save.`);
    progress(`${files} files and folders of ${node} are new or changed, ${removed} were removed`);
    const place = { kind: 'file', path, offset: 0, length: layer.size } as const;
    const source = { ...withLayer(documents, { layer, node }), shown: `what changed on ${node}` };
    return await store.take(
      { ...source, placeOf: async ({ digest }) => placeOf(digest, { layer, place }) },
      { ...target, progress },
    );
  });
}

async function writeLayer(archive: AsyncIterable<Uint8Array>, path: string): Promise<Layer> {
  await using file = await open(path, 'wx', 0o600);
  const most = (await freeBytes(join(path, '..'))) * MOST_OF_DISK;
  const hash = createHash('sha256');
  let size = 0;
  const changes = await writeLayerOf(archive, async (bytes) => {
    size += bytes.length;
    if (size > most)
      throw new ImageError('What changed there does not fit on the disk of the server.');
    hash.update(bytes);
    await file.writeFile(bytes);
  });
  return { digest: `sha256:${hash.digest('hex')}`, size, changes };
}

/** The layers of the image itself are in the store. */
function placeOf(
  digest: string,
  { layer, place }: { readonly layer: Layer; readonly place: PartPlace },
): PartPlace {
  if (digest === layer.digest) return place;
  throw new ImageError(
    'Layers of the image that the node runs are not here any more: let it reboot.',
  );
}

type Config = {
  readonly rootfs?: { readonly diff_ids?: readonly string[] };
  readonly history?: readonly unknown[];
};

function withLayer(
  documents: Pick<ImageSource, 'manifest' | 'config'>,
  { layer, node }: { readonly layer: Layer; readonly node: string },
): Pick<ImageSource, 'manifest' | 'config'> {
  const manifest = parsed<Manifest & { readonly mediaType?: string }>(documents.manifest);
  const settings = parsed<Config>(documents.config);
  const { rootfs = {}, history = [] } = settings;
  const config = bytesOf({
    ...settings,
    rootfs: { type: 'layers', ...rootfs, diff_ids: [...(rootfs.diff_ids ?? []), layer.digest] },
    history: [...history, { created_by: `what changed on node ${node}` }],
  });
  const isDocker = manifest.mediaType?.includes('docker') === true;
  const mediaType = isDocker
    ? 'application/vnd.docker.image.rootfs.diff.tar'
    : 'application/vnd.oci.image.layer.v1.tar';
  return {
    config,
    manifest: bytesOf({
      ...manifest,
      config: { ...manifest.config, digest: digestOf(config), size: config.length },
      layers: [...manifest.layers, { mediaType, digest: layer.digest, size: layer.size }],
    }),
  };
}

function parsed<Content>(bytes: Uint8Array): Content {
  return JSON.parse(Buffer.from(bytes).toString()) as Content;
}

function bytesOf(value: unknown): Buffer {
  return Buffer.from(JSON.stringify(value));
}
