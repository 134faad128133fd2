// How images come into the store, from wherever they are: their parts are copied, several images at a time, then each is
// made a folder in its turn (intake.ts) and gets its name last of all.
import { basename } from 'node:path';
import type { Registry } from '../../config/config.ts';
import { ImageError, RequestError } from '../../errors.ts';
import type { Blobs } from '../content/blobs.ts';
import { modelsOf } from '../content/check/check.ts';
import { requireSpace } from '../content/disk-space.ts';
import { fullImageName, type Image } from '../content/image.ts';
import type { ImageFolders } from '../content/image-folders.ts';
import type { NamedImages } from '../content/named-images.ts';
import type { Progress } from '../content/progress.ts';
import type { ImageSource } from '../content/source.ts';
import type { Target } from '../content/target.ts';
import type { TemplateNote } from '../content/templates/fill.ts';
import type { WorkFolders } from '../content/work-folders.ts';
import { openArchive } from '../sources/archive/open-archive.ts';
import { copySource, partsOf } from '../sources/copy/copy-source.ts';
import { ImageFinder } from '../sources/image-finder.ts';
import { takeIn } from './intake.ts';

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
  readonly maxFiles: number;
  readonly maxBytes: number;
  /** takes what is odd about an image */
  readonly onNotes: (image: string, notes: readonly TemplateNote[]) => void;
  readonly blobs: Blobs;
  readonly folders: ImageFolders;
  readonly names: NamedImages;
  readonly work: WorkFolders;
  /** one after the other */
  readonly inTurn: <Result>(work: () => Promise<Result>) => Promise<Result>;
};

/** Takes images in. */
export class Arrivals {
  readonly #options: Options;
  readonly #finder: ImageFinder;
  /** images that are on their way in */
  #arriving = 0;
  #sweeping: Promise<unknown> = Promise.resolve();
  /** what was said of images, for it would be the same of the next ones */
  readonly #troubles = new Set<string>();

  constructor(options: Options) {
    this.#options = options;
    this.#finder = new ImageFinder(options.registries, options.folder);
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
    await this.#sweeping;
    this.#arriving += 1;
    try {
      return await this.#options.work.with((work) => this.#take(source, { ...options, work }));
    } finally {
      this.#arriving -= 1;
    }
  }

  /** Calls `sweep`, which deletes parts that no image needs; while images arrive their parts look so, and nothing is done. */
  async whileNoneArrives(sweep: () => Promise<number>): Promise<number> {
    if (this.#arriving > 0) return 0;
    const sweeping = sweep();
    this.#sweeping = sweeping.catch(() => 0);
    return await sweeping;
  }

  async #take(
    source: ImageSource,
    options: TakeOptions & { readonly work: string },
  ): Promise<Image> {
    const { name, replaces, work, progress } = options;
    const { blobs, folders, names, maxFiles, maxBytes, inTurn, onNotes } = this.#options;
    await this.#requireSpace(source, name);
    const oci = await copySource(source, { ...options, blobs });
    const { digest, labels, layers } = oci;
    return await inTurn(async () => {
      const relatives = this.#relativesOf(layers);
      const onTrouble = (text: string) => this.#sayOnce(name, text);
      const limits = { maxFiles, maxBytes };
      const intake = { name, blobs, folders, relatives, ...limits, work, progress, onTrouble };
      const notes = await takeIn(oci, intake).catch(async (reason: unknown) => {
        if (reason instanceof ImageError) await this.#forget(digest);
        throw reason;
      });
      onNotes(name, notes);
      const size = await folders.sizeOf(digest);
      const content = { digest, labels, layers, models: modelsOf(labels), size };
      return await names.put({ name, replaces }, content);
    });
  }

  #sayOnce(name: string, text: string): void {
    if (this.#troubles.has(text)) return;
    this.#troubles.add(text);
    this.#options.onNotes(name, [{ kind: 'warning', text }]);
  }

  /** Deletes the parts of a refused image, unless another needs them or one that is on its way may. */
  async #forget(digest: string): Promise<void> {
    if (this.#arriving > 1) return;
    const { blobs, names } = this.#options;
    await blobs.removeImage(
      digest,
      names.all().map((image) => image.digest),
    );
  }

  /** Unpacked, an image is as large as its parts at least. */
  async #requireSpace(source: ImageSource, name: string): Promise<void> {
    const { blobs, work } = this.#options;
    let bytes = 0;
    for (const { digest, size } of partsOf(source).layers) {
      bytes += (await blobs.has(digest)) ? size : 2 * size;
    }
    await requireSpace(work.folder, { bytes, what: `image ${name}` });
  }

  /** Images that have layers in common with these, those with most of them first. */
  #relativesOf(layers: readonly string[]): Image[] {
    const common = (image: Image) => image.layers.filter((layer) => layers.includes(layer)).length;
    return this.#options.names
      .all()
      .filter((image) => common(image) > 0)
      .toSorted((left, right) => common(right) - common(left));
  }
}

function nameIn(name: string | undefined, path: string): string {
  if (name !== undefined) return name;
  throw new RequestError(
    400,
    `${path} does not name its image as owner/name: give it a name, as walt image import ${path} --name owner/name`,
  );
}
