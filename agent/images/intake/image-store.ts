// The images of this server: names (named-images.ts), what they are made of (blobs.ts) and what nodes mount
// (image-folders.ts). Content is made once, when an image arrives (arrivals.ts), and never changed; upkeep.ts makes its folders
// anew and collects what no image needs.

import { mkdir } from 'node:fs/promises';
import type { Registry } from '../../config/sections/images.ts';
import type { Mounter } from '../../host/mounting/mounter.ts';
import { inTurn } from '../../host/queues/in-turn.ts';
import type { ImageRecords } from '../../store/records/images.ts';
import { Blobs } from '../content/blobs.ts';
import type { DescribedLayer } from '../content/described.ts';
import { ImageFolders } from '../content/folders/image-folders.ts';
import { WorkFolders } from '../content/folders/work-folders.ts';
import type { Image } from '../content/image.ts';
import { LayerStore } from '../content/layers/layer-store.ts';
import { makeLayout, makeLayoutAsItCame } from '../content/layout.ts';
import { type Check, NamedImages } from '../content/named-images.ts';
import type { ImageSource } from '../content/source.ts';
import type { Target } from '../content/target.ts';
import type { TemplateNote } from '../content/templates/fill.ts';
import type { ServerValues } from '../content/templates/values.ts';
import type { DaemonCopy } from '../sources/daemon-image.ts';
import { Arrivals, type ImportOptions, type PullOptions, type TakeOptions } from './arrivals.ts';
import { Arriving } from './arriving.ts';
import { Unpacker } from './unpacker/unpacker.ts';
import { Upkeep } from './upkeep.ts';

type Options = {
  /** of the server's state: holds `images/`, `blobs/` and `tmp/` */
  readonly folder: string;
  readonly overlay: string;
  readonly publicKey: string;
  /** what templates of images are filled with, as it is now */
  readonly templateValues: () => ServerValues;
  /** takes what is odd about an image */
  readonly onNotes: (image: string, notes: readonly TemplateNote[]) => void;
  /** `waltplatform/<model>-default:latest` */
  readonly defaultName: string;
  readonly registries: readonly Registry[];
  /** who reads what docker and podman keep; this process unless said */
  readonly copyFromDaemon?: DaemonCopy | undefined;
  readonly maxFiles: number;
  readonly maxBytes: number;
  readonly records: ImageRecords;
  /** microseconds since 1970 */
  readonly clock: () => number;
  /** by default this process */
  readonly mounter?: Mounter;
};

/** All images of this server. `load` comes first. */
export class ImageStore {
  readonly #options: Options;
  readonly #names: NamedImages;
  readonly #blobs: Blobs;
  readonly #layers: LayerStore;
  readonly #folders: ImageFolders;
  readonly #work: WorkFolders;
  readonly #arrivals: Arrivals;
  readonly #upkeep: Upkeep;

  constructor(options: Options) {
    const { folder } = options;
    this.#options = options;
    this.#names = new NamedImages(options);
    this.#blobs = new Blobs(folder);
    this.#layers = new LayerStore(folder);
    this.#folders = new ImageFolders({ ...options, state: folder, layers: this.#layers });
    this.#work = new WorkFolders(folder);
    const parts = {
      ...{ names: this.#names, blobs: this.#blobs, work: this.#work },
      ...{ layers: this.#layers, folders: this.#folders },
      ...{ inTurn: inTurn(), arriving: new Arriving() },
    };
    this.#arrivals = new Arrivals({ ...options, ...parts });
    this.#upkeep = new Upkeep({ ...options, ...parts });
  }

  /** of the state */
  get folder(): string {
    return this.#options.folder;
  }

  /**
   * Reads what is there, mounts it, and puts aside what was interrupted.
   * @returns names whose content is gone, and what is odd about this machine, a sentence each
   */
  async load(): Promise<{ readonly gone: string[]; readonly problems: string[] }> {
    await this.#work.clear();
    await mkdir(this.#blobs.folder, { recursive: true, mode: 0o700 });
    await mkdir(this.#layers.folder, { recursive: true, mode: 0o700 });
    const problems = await this.#folders.load();
    const whole = await this.#upkeep.wholeImages();
    const gone = await this.#names.load(
      (digest) => this.#folders.keyOf(digest) !== undefined || whole.has(digest),
    );
    return { gone, problems };
  }

  /** Resolves when nothing is left of interrupted work. Rejects with {WaltError} where something cannot be removed. */
  get swept(): Promise<void> {
    return this.#work.swept;
  }

  all = (): Image[] => this.#names.all();

  /** @param name in full, with its tag */
  byName = (name: string): Image | undefined => this.#names.byName(name);

  /** @param name with or without its tag. @throws {RequestError} if there is no such image */
  of = (name: string): Image => this.#names.existing(name);

  /** Name of the default image of a model, if it is here. */
  defaultOf = (model: string): string | undefined => this.#names.defaultOf(model);

  defaultNameOf = (model: string): string => this.#names.defaultNameOf(model);

  /** Key of the folder that a node of this image is to mount: what `rootOf` takes, and what a node's `root` is. */
  keyOf = (name: string): string | undefined => {
    const image = this.#names.byName(name);
    return image === undefined ? undefined : this.#folders.keyOf(image.digest);
  };

  /** Root file system of the folder with this key. It is read only: its files may be those of other images too. */
  rootOf = (key: string): string => this.#folders.rootOf(key);

  /**
   * Takes in an archive or layout of this machine, in place of what its name stands for now.
   * @throws {RequestError | ImageError} with nothing changed
   */
  async import(path: string, options: ImportOptions): Promise<Image> {
    return await this.#arrivals.import(path, options);
  }

  /** Fetches an image by name. @throws {RequestError | ImageError} with nothing changed */
  async pull(name: string, options: PullOptions): Promise<Image> {
    return await this.#arrivals.pull(name, options);
  }

  /**
   * Takes in an image from anywhere.
   * @throws {RequestError} if the name does not stand any more for what the image is to replace
   * @throws {ImageError} with nothing changed
   */
  async take(source: ImageSource, options: TakeOptions): Promise<Image> {
    return await this.#arrivals.take(source, options);
  }

  /**
   * Makes an OCI layout of the image, under tag `image`, in the empty folder `layout` of the same file system.
   * @param options.asItCame with its own manifest, and without the layers that came compressed
   * @throws {ImageError} if parts of the image are not here
   */
  async makeLayout(
    { digest }: Pick<Image, 'digest'>,
    layout: string,
    { asItCame = false } = {},
  ): Promise<void> {
    await using unpacker = new Unpacker(() => undefined);
    await (asItCame ? makeLayoutAsItCame : makeLayout)(digest, {
      ...{ layout, blobs: this.#blobs, layers: this.#layers },
      writeArchives: (archives) => unpacker.do({ kind: 'write-archives', archives }),
    });
  }

  /** Layers of an image, lowest first, as they came. @throws {ImageError} if parts of the image are not here */
  async layersOf({ digest }: Pick<Image, 'digest'>): Promise<readonly DescribedLayer[]> {
    return (await this.#blobs.describe(digest)).layers;
  }

  /** What an image says of itself, byte for byte. @throws {ImageError} if that is not here */
  async documentsOf({ digest }: Pick<Image, 'digest'>) {
    return await this.#blobs.documents(digest);
  }

  /** Calls `use` with a folder for work on images, which is gone afterwards. */
  async withWork<Result>(use: (work: string) => Promise<Result>): Promise<Result> {
    return await this.#work.with(use);
  }

  /**
   * A name for an image that is still to be made: it takes the place of what the name stands for now.
   * @throws {RequestError} if no image can have this name
   */
  target = (name: string): Target => this.#names.target(name);

  /**
   * Gives the content of an image a second name; nothing is copied.
   * @param replaces digest of what may have the new name already; by default nothing may
   * @throws {RequestError} if there is no such image, or the new name stands for something else
   */
  async alias(name: string, other: string, replaces?: string): Promise<Image> {
    return await this.#names.alias(name, { ...this.target(other), replaces });
  }

  /**
   * @param check sees the image right before
   * @throws {RequestError} if there is no such image, or another has the new name
   */
  rename = (from: string, to: string, check?: Check): Promise<Image> =>
    this.#names.rename(from, to, check);

  /**
   * Takes the name away. What it stood for stays on disk until it is collected (`walt image gc`).
   * @param check sees the image right before
   * @throws {RequestError} if there is no such image
   */
  remove = (name: string, check?: Check): Promise<void> => this.#names.remove(name, check);

  /** Remembers that nodes have these images now. */
  markUsed = (names: readonly string[]): Promise<void> => this.#names.markUsed(names);

  /** What was noted of images since `since` has the time of a clock that was set by `by` microseconds. */
  shift = (change: { readonly by: number; readonly since: number }): Promise<void> =>
    this.#names.shift(change);

  /**
   * Gives the node side and the values of this server to images that have older ones; nodes take it at their next boot.
   * @throws {ImageError} naming the images that stay as they are
   */
  async renewAll(): Promise<void> {
    await this.#upkeep.renewAll();
  }

  /**
   * Looks again at the disk, and makes the folders anew that are gone and whose layers are here.
   * @returns what is wrong, a sentence each
   */
  async refresh(): Promise<string[]> {
    return await this.#upkeep.refresh();
  }

  /**
   * Deletes the folders and parts that no image needs. Parts stay while an image is being copied.
   * @param keys gives the folders that are needed all the same
   */
  async collect(keys: () => readonly string[]): Promise<{ folders: number; blobs: number }> {
    return await this.#upkeep.collect(keys);
  }
}
