// The images of this server: names, each standing for the content with a digest. Content is made once
// (intake.ts) and never changed; a name is given another content in one write.
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Kysely } from 'kysely';
import type { Registry } from '../../config.ts';
import { ImageError, messageOf, RequestError } from '../../errors.ts';
import {
  deleteImage,
  readImages,
  renameImage,
  writeImage,
  writeImagesUsed,
} from '../../store/images.ts';
import type { Tables } from '../../store/schema.ts';
import type { WriteQueue } from '../../store/write-queue.ts';
import { modelsOf } from '../check/check.ts';
import { fullImageName, type Image } from '../image.ts';
import { openArchive } from '../sources/archive.ts';
import { ImageFinder } from '../sources/image-finder.ts';
import { copyToBlobs, type OciSource } from '../sources/oci.ts';
import type { TemplateNote } from '../templates/fill.ts';
import type { ServerValues } from '../templates/values.ts';
import { Blobs } from './blobs.ts';
import { requireSpace } from './disk-space.ts';
import { ImageFolders } from './image-folders.ts';
import { imageOf, rowOf } from './image-rows.ts';
import { type Progress, takeIn } from './intake.ts';

type Options = {
  /** of the server's state: holds `images/`, `blobs/` and `tmp/` */
  readonly folder: string;
  readonly overlay: string;
  readonly publicKey: string;
  /** what templates of images are filled with */
  readonly templateValues: ServerValues;
  /** takes what is odd about an image */
  readonly onNotes: (image: string, notes: readonly TemplateNote[]) => void;
  /** `waltplatform/<model>-default:latest` */
  readonly defaultName: string;
  readonly registries: readonly Registry[];
  readonly maxFiles: number;
  readonly maxBytes: number;
  readonly writes: WriteQueue;
  /** microseconds since 1970 */
  readonly clock: () => number;
};

type TakeOptions = {
  readonly name: string;
  readonly progress: Progress;
  readonly signal?: AbortSignal;
};

type PullOptions = Omit<TakeOptions, 'name'> & {
  /** one registry only, `docker` or `podman` */
  readonly from?: string;
  /** name in this server; by default the one it has there */
  readonly as?: string;
  /** as Go names them, best first: which of several images under one name */
  readonly architectures?: readonly string[];
};

export class ImageStore {
  readonly #options: Options;
  readonly #blobs: Blobs;
  readonly #folders: ImageFolders;
  readonly #finder: ImageFinder;
  readonly #images = new Map<string, Image>();
  #intakes: Promise<unknown> = Promise.resolve();
  #collecting: Promise<unknown> = Promise.resolve();
  /** images that are on their way in */
  #taking = 0;

  constructor(options: Options) {
    this.#options = options;
    this.#blobs = new Blobs(options.folder);
    this.#folders = new ImageFolders({ ...options, state: options.folder });
    this.#finder = new ImageFinder(options.registries, options.folder);
  }

  /** of the state */
  get folder(): string {
    return this.#options.folder;
  }

  /** Reads what is there, and removes what was interrupted. @returns names whose content is gone */
  async load(database: Kysely<Tables>): Promise<string[]> {
    await rm(this.#tmp(), { recursive: true, force: true });
    await mkdir(this.#tmp(), { recursive: true, mode: 0o700 });
    await mkdir(this.#blobs.folder, { recursive: true, mode: 0o700 });
    await this.#folders.load();
    const images = (await readImages(database)).map(imageOf);
    const isWhole = ({ digest }: Image) => this.#folders.keyOf(digest) !== undefined;
    for (const image of images.filter(isWhole)) this.#images.set(image.name, image);
    return images.filter((image) => !isWhole(image)).map(({ name }) => name);
  }

  all(): Image[] {
    return [...this.#images.values()];
  }

  /** @param name in full, with its tag */
  byName(name: string): Image | undefined {
    return this.#images.get(name);
  }

  /**
   * Name of the default image of a model, if it is here and made for that model: the one that has the model's name, else
   * one of a family of models, as `waltplatform/rpi-arm64-default:latest`, that has the model in its label.
   */
  defaultOf = (model: string): string | undefined => {
    const name = this.defaultNameOf(model);
    if (this.#images.get(name)?.models.includes(model)) return name;
    const [before = '', after = ''] = this.#options.defaultName.split('<model>');
    return this.all()
      .filter((image) => image.models.includes(model))
      .map((image) => image.name)
      .filter((candidate) => candidate.startsWith(before) && candidate.endsWith(after))
      .sort()[0];
  };

  defaultNameOf = (model: string): string => this.#options.defaultName.replace('<model>', model);

  /** Key of the folder that a node of this image is to mount: what `rootOf` takes, and what a node's `root` is. */
  keyOf = (name: string): string | undefined => {
    const image = this.#images.get(name);
    return image === undefined ? undefined : this.#folders.keyOf(image.digest);
  };

  /** Root file system of the folder with this key. It is read only: its files may be those of other images too. */
  rootOf = (key: string): string => this.#folders.rootOf(key);

  /**
   * Takes in the OCI layout, OCI archive or docker archive at `path`.
   * @param name for the image; by default the one the archive has
   * @throws {RequestError | ImageError} with nothing changed
   */
  async import(
    path: string,
    options: { readonly name?: string; readonly progress: Progress },
  ): Promise<Image> {
    const { source, name } = await openArchive(path);
    options.progress(`reading ${basename(path)}`);
    return await this.take(source, { ...options, name: nameFor(options.name ?? name, path) });
  }

  /**
   * Fetches an image by name from the first registry that has it.
   * @throws {RequestError | ImageError} with nothing changed
   */
  async pull(wantedName: string, options: PullOptions): Promise<Image> {
    const { from, architectures = [], progress, signal } = options;
    const name = fullImageName(wantedName);
    return await this.withWork(async (work) => {
      const source = await this.#finder.find({
        ...{ name, architectures, work },
        ...(from === undefined ? {} : { from }),
        ...(signal === undefined ? {} : { signal }),
      });
      progress(`fetching ${source.shown}`);
      return await this.take(source, { ...options, name: options.as ?? name });
    });
  }

  /**
   * Takes in an image from anywhere: blobs that are here already are not copied again.
   * @throws {RequestError | ImageError} with nothing changed
   */
  async take(source: OciSource, options: TakeOptions): Promise<Image> {
    const name = fullImageName(options.name);
    await this.#collecting;
    this.#taking += 1;
    try {
      return await this.withWork((work) => this.#take(source, { ...options, name, work }));
    } finally {
      this.#taking -= 1;
    }
  }

  async #take(source: OciSource, options: TakeOptions & { readonly work: string }): Promise<Image> {
    const { name, work, progress } = options;
    const [blobs, folders] = [this.#blobs, this.#folders];
    await this.#requireSpace(source, name);
    const oci = await copyToBlobs(source, { ...options, blobs });
    const { digest, labels, layers } = oci;
    return await this.#inTurn(async () => {
      const { maxFiles, maxBytes } = this.#options;
      const relatives = this.#relativesOf(layers);
      const limits = { maxFiles, maxBytes };
      const intake = { name, blobs, folders, relatives, ...limits, work, progress };
      const notes = await takeIn(oci, intake).catch(async (reason: unknown) => {
        if (reason instanceof ImageError) await this.#forget(digest);
        throw reason;
      });
      this.#options.onNotes(name, notes);
      const size = await folders.sizeOf(digest);
      const models = modelsOf(labels);
      const created = this.#options.clock();
      return await this.#put({ name, digest, labels, layers, models, size, created, used: 0 });
    });
  }

  /** Deletes the parts of a refused image, unless another needs them or one that is on its way may. */
  async #forget(digest: string): Promise<void> {
    if (this.#taking > 1) return;
    await this.#blobs.removeImage(
      digest,
      this.all().map((image) => image.digest),
    );
  }

  /** Unpacked, an image is as large as its parts at least. */
  async #requireSpace({ parts = [] }: OciSource, name: string): Promise<void> {
    let bytes = 0;
    for (const { digest, size } of parts) {
      bytes += (await this.#blobs.has(digest)) ? size : 2 * size;
    }
    await requireSpace(this.#tmp(), { bytes, what: `image ${name}` });
  }

  /** Folders of images that have layers in common with these, those with most of them first. */
  #relativesOf(layers: readonly string[]): string[] {
    const common = (image: Image) => image.layers.filter((layer) => layers.includes(layer)).length;
    const keys = this.all()
      .filter((image) => common(image) > 0)
      .toSorted((left, right) => common(right) - common(left))
      .flatMap(({ digest }) => this.#folders.keyOf(digest) ?? []);
    return [...new Set(keys)];
  }

  /** Makes an OCI layout of the image, under tag `image`, in the empty folder `layout` of the same file system. */
  async makeLayout(name: string, layout: string): Promise<void> {
    await this.#blobs.makeLayout(this.#existing(name).digest, layout);
  }

  /** Calls `use` with a folder for work on images, which is gone afterwards. */
  async withWork<Result>(use: (work: string) => Promise<Result>): Promise<Result> {
    const work = await mkdtemp(join(this.#tmp(), 'work-'));
    try {
      return await use(work);
    } finally {
      await rm(work, { recursive: true, force: true });
    }
  }

  /** Gives the content of an image a second name; nothing is copied. */
  async alias(name: string, other: string): Promise<Image> {
    const image = this.#existing(name);
    return await this.#put({
      ...image,
      name: fullImageName(other),
      created: this.#options.clock(),
      used: 0,
    });
  }

  /** @throws {RequestError} if there is no such image, or another has the new name */
  async rename(from: string, to: string): Promise<Image> {
    const image = this.#existing(from);
    const name = fullImageName(to);
    if (name === image.name) return image;
    if (this.#images.has(name)) {
      throw new RequestError(409, `Cannot rename ${from}: there is an image ${name} already`);
    }
    await this.#options.writes.commit(renameImage(image.name, name));
    const renamed = { ...image, name };
    this.#images.delete(image.name);
    this.#images.set(name, renamed);
    return renamed;
  }

  /** Takes the name away. What it stood for stays on disk until it is collected (`walt image gc`). */
  async remove(name: string): Promise<void> {
    const image = this.#existing(name);
    await this.#options.writes.commit(deleteImage(image.name));
    this.#images.delete(image.name);
  }

  /** Remembers that nodes have these images now. */
  async markUsed(names: readonly string[]): Promise<void> {
    const used = this.#options.clock();
    const known = [...new Set(names)].filter((name) => this.#images.has(name));
    if (known.length === 0) return;
    await this.#options.writes.commit(writeImagesUsed(known, used));
    for (const name of known) {
      const image = this.#images.get(name);
      if (image !== undefined) this.#images.set(name, { ...image, used });
    }
  }

  /**
   * Gives the node side and the values of this server to images that have older ones; nodes take it at their next boot.
   * @throws {ImageError} naming the images that stay as they are
   */
  async renewAll(): Promise<void> {
    const names = new Map(this.all().map(({ digest, name }) => [digest, name]));
    const failed: string[] = [];
    for (const [digest, name] of names) {
      if (this.#folders.isCurrent(digest)) continue;
      try {
        const renew = (work: string) => this.#folders.renew(digest, work);
        this.#options.onNotes(name, await this.#inTurn(() => this.withWork(renew)));
      } catch (thrown) {
        failed.push(`${name}: ${messageOf(thrown)}`);
      }
    }
    if (failed.length > 0) throw new ImageError('Cannot renew the node side of images:', failed);
  }

  /**
   * Deletes the folders and parts that no image needs. Parts stay while an image is being copied.
   * @param keys folders that are needed all the same
   */
  async collect(keys: readonly string[]): Promise<{ folders: number; blobs: number }> {
    return await this.#inTurn(async () => {
      const images = this.all();
      const current = images.flatMap(({ digest }) => this.#folders.keyOf(digest) ?? []);
      const folders = await this.#folders.keepOnly([...current, ...keys]);
      if (this.#taking > 0) return { folders, blobs: 0 };
      const collecting = this.#blobs.keepOnly(images.map(({ digest }) => digest));
      this.#collecting = collecting.catch(() => 0);
      return { folders, blobs: await collecting };
    });
  }

  /** Once it resolves the name stands for the content, for good. */
  async #put(image: Image): Promise<Image> {
    await this.#options.writes.commit(writeImage(rowOf(image)));
    this.#images.set(image.name, image);
    return image;
  }

  #existing(name: string): Image {
    const image = this.#images.get(fullImageName(name));
    if (image !== undefined) return image;
    throw new RequestError(404, `There is no image ${fullImageName(name)}. See walt image show.`);
  }

  /** One after the other: two cores unpack two images no sooner at once. */
  async #inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const turn = this.#intakes.then(work);
    this.#intakes = turn.catch(() => undefined);
    return await turn;
  }

  #tmp(): string {
    return join(this.#options.folder, 'tmp');
  }
}

function nameFor(name: string | undefined, path: string): string {
  if (name !== undefined) return fullImageName(name);
  throw new RequestError(
    400,
    `${path} does not name its image: give it a name, as walt image import ${path} --name owner/name`,
  );
}
