// How images come into the store, from wherever they are: their layers are read, several images at a time, then each is
// made a folder in its turn (intake.ts) and gets its name last of all.

import { basename } from 'node:path';
import type { Registry } from '../../config/sections/images.ts';
import { ImageError, RequestError } from '../../errors.ts';
import type { InTurn } from '../../host/queues/in-turn.ts';
import type { Blobs } from '../content/blobs.ts';
import { modelsOf } from '../content/check/check.ts';
import { type DescribedImage, describeImage } from '../content/described.ts';
import { digestOf } from '../content/digest.ts';
import { requireSpace } from '../content/folders/disk-space.ts';
import type { ImageFolders } from '../content/folders/image-folders.ts';
import type { WorkFolders } from '../content/folders/work-folders.ts';
import { fullImageName, type Image } from '../content/image.ts';
import type { LayerStore } from '../content/layers/layer-store.ts';
import type { NamedImages } from '../content/named-images.ts';
import type { Progress } from '../content/progress.ts';
import type { ImageSource } from '../content/source.ts';
import type { Target } from '../content/target.ts';
import type { TemplateNote } from '../content/templates/fill.ts';
import { openArchive } from '../sources/archive/open-archive.ts';
import type { DaemonCopy } from '../sources/daemon-image.ts';
import { ImageFinder } from '../sources/image-finder.ts';
import type { Arriving } from './arriving.ts';
import { makeFolder, takeLayers, UnfinishedError } from './intake.ts';
import { reportArrival } from './report-arrival.ts';
import { Unpacker } from './unpacker/unpacker.ts';

/** How an image is to be called, and who follows its arrival. */
export type TakeOptions = Target & {
  readonly progress: Progress;
  readonly signal?: AbortSignal;
};

/** How an image of this machine's disk is to be called, and who follows. */
export type ImportOptions = {
  readonly name?: string;
  readonly check?: (target: Target) => void;
  readonly progress: Progress;
};

/** Where an image is looked for, and how it is to be called. */
export type PullOptions = Omit<TakeOptions, keyof Target> & {
  /** one registry only, `docker` or `podman` */
  readonly from?: string;
  /** name in this server; by default the one it has there, in place of what is called so when the pull begins */
  readonly as?: Target;
  /** for which model: which of several images under one name; by default their labels tell */
  readonly model?: string;
};

type Options = {
  /** of the state */
  readonly folder: string;
  readonly registries: readonly Registry[];
  /** who reads what docker and podman keep; this process unless said */
  readonly copyFromDaemon?: DaemonCopy | undefined;
  readonly maxFiles: number;
  readonly maxBytes: number;
  /** takes what is odd about an image */
  readonly onNotes: (image: string, notes: readonly TemplateNote[]) => void;
  readonly blobs: Blobs;
  readonly layers: LayerStore;
  readonly folders: ImageFolders;
  readonly names: NamedImages;
  readonly work: WorkFolders;
  readonly arriving: Arriving;
  /** one after the other */
  readonly inTurn: InTurn;
};

/** Takes images in. */
export class Arrivals {
  readonly #options: Options;
  readonly #finder: ImageFinder;

  constructor(options: Options) {
    this.#options = options;
    this.#finder = new ImageFinder(options.registries, options.folder, options.copyFromDaemon);
  }

  /**
   * Takes in the OCI layout, OCI archive or docker archive at `path`.
   * @param options.name for the image; by default the one the archive has
   * @param options.check sees what the image is to replace, before anything of it is copied; throws to refuse that
   * @throws {RequestError | ImageError} with nothing changed
   */
  async import(path: string, options: ImportOptions): Promise<Image> {
    const { name: given, check, progress } = options;
    const { names, work: folders } = this.#options;
    // What the name stands for now is what the person saw.
    const seen = given === undefined ? undefined : names.target(given);
    return await folders.with(async (work) => {
      progress(`reading ${basename(path)}`);
      const chosen = given === undefined ? {} : { name: given };
      const { source, name } = await openArchive(path, { work, ...chosen });
      const target = seen ?? names.target(nameIn(name, path));
      check?.(target);
      return await this.take(source, { progress, ...target });
    });
  }

  /**
   * Fetches an image by name from the first registry that has it.
   * @throws {RequestError | ImageError} with nothing changed
   */
  async pull(wantedName: string, options: PullOptions): Promise<Image> {
    const { from, model, progress, signal } = options;
    const name = fullImageName(wantedName);
    const target = options.as ?? this.#options.names.target(name);
    return await this.#options.work.with(async (work) => {
      const source = await this.#finder.find({
        ...{ name, work, wanted: model === undefined ? {} : { model } },
        ...(from === undefined ? {} : { from }),
        ...(signal === undefined ? {} : { signal }),
      });
      progress(`fetching ${source.shown}`);
      return await this.take(source, {
        progress,
        ...(signal === undefined ? {} : { signal }),
        ...target,
      });
    });
  }

  /**
   * Takes in an image from anywhere: blobs that are here already are not copied again.
   * @throws {RequestError} if the name does not stand any more for what the image is to replace
   * @throws {ImageError} with nothing changed
   */
  async take(source: ImageSource, options: TakeOptions): Promise<Image> {
    const { arriving, work: folders } = this.#options;
    const image = describeImage(source.manifest, source.config);
    try {
      return await arriving.during(() =>
        folders.with((work) => this.#take(source, { ...options, work, image })),
      );
    } catch (thrown) {
      // What cannot be deleted now is collected later (`walt image gc`): the person wants to know of the image.
      if (thrown instanceof ImageError && !(thrown instanceof UnfinishedError)) {
        await arriving.sweepIfNone(() => this.#forget(image)).catch(() => undefined);
      }
      throw thrown;
    }
  }

  async #take(
    source: ImageSource,
    options: TakeOptions & { readonly work: string; readonly image: DescribedImage },
  ): Promise<Image> {
    const { name, replaces, work, image, progress, signal } = options;
    const { blobs, layers, folders, names, maxFiles, maxBytes, inTurn, onNotes } = this.#options;
    const { digest, labels } = image;
    const missing = await this.#missing(image);
    await requireSpace(work, { bytes: missing, what: `image ${name}` });
    // It starts while the documents are being written.
    await using unpacker = new Unpacker(reportArrival(missing, progress));
    await blobs.put(digestOf(source.config), source.config);
    await blobs.put(digest, source.manifest);
    const onAbort = () => void unpacker.end();
    signal?.addEventListener('abort', onAbort, { once: true });
    try {
      signal?.throwIfAborted();
      const parts = { name, layers, folders, unpacker, maxFiles, maxBytes, work, progress };
      if (missing > 0) progress('unpacking');
      await takeLayers(image, source, parts);
      return await inTurn(async () => {
        signal?.throwIfAborted();
        onNotes(name, await makeFolder(image, parts));
        const size = await folders.sizeOf(digest);
        const content = { digest, labels, models: modelsOf(labels), size };
        const layerDigests = image.layers.map(({ descriptor }) => descriptor.digest);
        return await names.put({ name, replaces }, { ...content, layers: layerDigests });
      });
    } finally {
      signal?.removeEventListener('abort', onAbort);
    }
  }

  /** Deletes the parts of a refused image that nothing else needs. */
  async #forget({ digest, layers: ofImage }: DescribedImage): Promise<void> {
    const { blobs, layers, folders, names } = this.#options;
    const others = names.all().map((image) => image.digest);
    if (others.includes(digest)) return;
    await blobs.removeImage(digest, others);
    const needed = new Set([...(await blobs.diffIdsOf(others)), ...folders.layersInUse()]);
    for (const { diffId } of ofImage) if (!needed.has(diffId)) await layers.remove(diffId);
  }

  /** Bytes of the layers that are not here, as they are sent. */
  async #missing(image: DescribedImage): Promise<number> {
    let bytes = 0;
    for (const { descriptor, diffId } of image.layers) {
      if (!(await this.#options.layers.has(diffId))) bytes += descriptor.size;
    }
    return bytes;
  }
}

function nameIn(name: string | undefined, path: string): string {
  if (name !== undefined) return name;
  throw new RequestError(
    400,
    `${path} does not name its image as owner/name: give it a name, as walt image import ${path} --name owner/name`,
  );
}
