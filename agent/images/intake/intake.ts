// From an image somewhere to a folder that nodes mount: its documents are kept, its layers read, judged and written, and a root
// made of them. What is here already is not read again.
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ImageError, messageOf, WaltError } from '../../errors.ts';
import { modelsOf } from '../content/check/check.ts';
import type { DescribedImage, DescribedLayer } from '../content/described.ts';
import { freeBytes } from '../content/folders/disk-space.ts';
import type { ImageFolders } from '../content/folders/image-folders.ts';
import { layerSound } from '../content/layers/layer-archive.ts';
import type { LayerLimits } from '../content/layers/layer-rules.ts';
import type { LayerStore } from '../content/layers/layer-store.ts';
import type { Progress } from '../content/progress.ts';
import type { RootMade, RootWanted } from '../content/roots/make-root.ts';
import type { ImageSource } from '../content/source.ts';
import type { TemplateNote } from '../content/templates/fill.ts';
import { PassingError, Unpacker } from './unpacker/unpacker.ts';

/** The parts of the server that one image needs on its way, and its limits. */
export type LayersOptions = {
  readonly name: string;
  readonly layers: LayerStore;
  readonly unpacker: Unpacker;
  readonly maxFiles: number;
  readonly maxBytes: number;
  /** a folder of this intake alone */
  readonly work: string;
  /** milliseconds without a byte after which a layer is given up, two minutes by default */
  readonly stallMs?: number;
};

/** As for its layers, and what makes a folder of them. */
export type FolderOptions = LayersOptions & {
  readonly folders: ImageFolders;
  readonly progress: Progress;
};

/** Layers of one image that are read at the same time. */
const AT_ONCE = 2;
const MOST_RETRIES = 2;
const PAUSE_MS = 1000;
const STALL_MS = 120_000;

/**
 * Brings the layers that are not here yet.
 * @throws {ImageError} if the image is to be refused, or a layer is not to be had
 */
export async function takeLayers(
  image: DescribedImage,
  source: Pick<ImageSource, 'placeOf'>,
  options: LayersOptions,
): Promise<void> {
  const limits = await limitsOf(options);
  const waiting = [...image.layers.entries()];
  const readOn = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const [index, layer] = next;
      await takeLayer(layer, { ...options, source, limits }).catch((thrown: unknown) => {
        waiting.length = 0;
        const message = `layer ${index + 1} of ${image.layers.length}: ${messageOf(thrown)}`;
        throw refusal(options.name, message, thrown);
      });
    }
  };
  const readers = Array.from({ length: AT_ONCE }, readOn);
  const [first] = (await Promise.allSettled(readers)).filter(({ status }) => status === 'rejected');
  if (first?.status === 'rejected') throw first.reason;
}

async function takeLayer(
  { descriptor, diffId }: DescribedLayer,
  options: LayersOptions & {
    readonly source: Pick<ImageSource, 'placeOf'>;
    readonly limits: LayerLimits;
  },
): Promise<void> {
  const { layers, unpacker, work, source, limits, stallMs = STALL_MS } = options;
  if (await layers.has(diffId)) {
    const isSound = await unpacker.do({ kind: 'count', folder: layers.folderOf(diffId), limits });
    if (isSound) return;
    // The disk has spoilt it: it is fetched again.
    await layers.remove(diffId);
  }
  const folder = join(work, `layer-${diffId.slice(-16)}`);
  // The same layer may be there twice.
  const isOther = await mkdir(folder).then(
    () => false,
    (thrown: NodeJS.ErrnoException) => {
      if (thrown.code === 'EEXIST') return true;
      throw thrown;
    },
  );
  if (isOther) return;
  const wanted = { digest: descriptor.digest, diffId, folder };
  await withRetries(async () => {
    await rm(folder, { recursive: true });
    await mkdir(folder);
    const place = await source.placeOf(descriptor);
    await unpacker.do({ kind: 'read-layer', wanted, place, limits, stallMs });
  });
  await layers.put(diffId, folder);
}

async function withRetries(read: () => Promise<void>): Promise<void> {
  for (let retries = 0; ; retries += 1) {
    try {
      return await read();
    } catch (thrown) {
      if (retries === MOST_RETRIES || !(thrown instanceof PassingError)) throw thrown;
      await sleep(PAUSE_MS * 2 ** retries);
    }
  }
}

async function limitsOf({ work, maxFiles, maxBytes }: LayersOptions): Promise<LayerLimits> {
  const free = await freeBytes(work);
  if (free >= maxBytes) return { maxFiles, maxBytes, bytesReason: 'images.maxGigabytes' };
  const bytesReason = 'what is free on the disk; walt image gc may help';
  return { maxFiles, maxBytes: free, bytesReason };
}

/**
 * Makes the folder of an image whose layers are here. Does nothing if that is there.
 * @returns what is odd about the image, though it can boot a node
 * @throws {ImageError} if the image cannot boot a node
 */
export async function makeFolder(
  image: DescribedImage,
  options: FolderOptions,
): Promise<readonly TemplateNote[]> {
  const { name, folders, layers, unpacker, work, progress } = options;
  const { digest, labels, architecture } = image;
  if (folders.isCurrent(digest)) {
    progress('already unpacked');
    return [];
  }
  progress('checking the image');
  const diffIds = image.layers.map(({ diffId }) => diffId);
  const parts = { digest, architecture, diffIds, models: modelsOf(labels) };
  try {
    const made = await folders.make(parts, {
      work,
      make: (wanted) => rootBy(unpacker, wanted),
    });
    if (made.kind === 'refused') throw new ImageError(`Cannot use image ${name}:`, made.problems);
    return made.notes;
  } catch (thrown) {
    if (thrown instanceof ImageError && thrown.problems.length > 0) throw thrown;
    if (!(thrown instanceof ImageError)) await dropDamaged(diffIds, layers);
    throw refusal(name, messageOf(thrown), thrown);
  }
}

async function rootBy(unpacker: Unpacker, wanted: RootWanted): Promise<RootMade> {
  if (wanted.form === 'erofs') return await unpacker.do({ kind: 'make-root', wanted });
  if (process.getuid?.() !== 0) {
    throw new WaltError(
      'this machine cannot mount EROFS (walt doctor says why), and only a server that is root can do without',
    );
  }
  await using other = new Unpacker(() => undefined, { rights: 'all' });
  return await other.do({ kind: 'make-root', wanted });
}

/** The image was not had, though nothing is said against it: what has come of it stays for the next try. */
export class UnfinishedError extends ImageError {}

function refusal(name: string, message: string, cause: unknown): ImageError {
  const text = `Cannot use image ${name}: ${message}`;
  const isRefused = cause instanceof ImageError;
  return isRefused ? new ImageError(text, [], { cause }) : new UnfinishedError(text, [], { cause });
}

/** A layer that the disk has spoilt would fail every further try: it is fetched again then. */
async function dropDamaged(diffIds: readonly string[], layers: LayerStore): Promise<void> {
  for (const diffId of diffIds) {
    if (!(await layerSound(layers.folderOf(diffId), diffId))) await layers.remove(diffId);
  }
}
