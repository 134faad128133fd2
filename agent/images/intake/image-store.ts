// The images of this server: names (named-images.ts), what they are made of (blobs.ts) and what nodes mount
// (image-folders.ts). Content is made once, when an image arrives (arrivals.ts), and never changed.

import { mkdir } from 'node:fs/promises';
import type { Registry } from '../../config/sections/images.ts';
import { ImageError, messageOf } from '../../errors.ts';
import type { Mounter } from '../../host/mounting/mounter.ts';
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
import { inTurns } from '../content/turns.ts';
import type { DaemonCopy } from '../sources/daemon-image.ts';
import { Arrivals, type ImportOptions, type PullOptions, type TakeOptions } from './arrivals.ts';
import { Arriving } from './arriving.ts';
import { renewFolder } from './renew-folder.ts';
import { Unpacker } from './unpacker/unpacker.ts';

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
  readonly #arriving = new Arriving();
  readonly #inTurn = inTurns();

  constructor(options: Options) {
    const { folder } = options;
    this.#options = options;
    this.#names = new NamedImages(options);
    this.#blobs = new Blobs(folder);
    this.#layers = new LayerStore(folder);
    this.#folders = new ImageFolders({ ...options, state: folder, layers: this.#layers });
    this.#work = new WorkFolders(folder);
    this.#arrivals = new Arrivals({
      ...options,
      ...{ names: this.#names, blobs: this.#blobs, work: this.#work },
      ...{ layers: this.#layers, folders: this.#folders },
      ...{ inTurn: this.#inTurn, arriving: this.#arriving },
    });
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
    const whole = await this.#wholeImages();
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
    const names = new Map(this.all().map(({ digest, name }) => [digest, name]));
    const failed: string[] = [];
    for (const [digest, name] of names) {
      if (this.#folders.isCurrent(digest)) continue;
      try {
        this.#options.onNotes(name, await this.#renew({ digest, name }));
      } catch (thrown) {
        failed.push(`${name}: ${messageOf(thrown)}`);
      }
    }
    if (failed.length > 0) throw new ImageError('Cannot renew the node side of images:', failed);
  }

  /**
   * Looks again at the disk, and makes the folders anew that are gone and whose layers are here.
   * @returns what is wrong, a sentence each
   */
  async refresh(): Promise<string[]> {
    const problems = await this.#inTurn(() => this.#folders.refresh());
    await this.renewAll().catch((thrown: unknown) => problems.push(messageOf(thrown)));
    const gone = this.all().filter(({ digest }) => this.#folders.keyOf(digest) === undefined);
    return [
      ...problems,
      ...gone.map(
        ({ name }) =>
          `The content of image ${name} is gone from the disk: fetch or import it again.`,
      ),
    ];
  }

  /**
   * Deletes the folders and parts that no image needs. Parts stay while an image is being copied.
   * @param keys gives the folders that are needed all the same
   */
  async collect(keys: () => readonly string[]): Promise<{ folders: number; blobs: number }> {
    return await this.#inTurn(async () => {
      const images = this.all();
      const current = images.flatMap(({ digest }) => this.#folders.keyOf(digest) ?? []);
      const folders = await this.#folders.keepOnly([...current, ...keys()]);
      const digests = images.map(({ digest }) => digest);
      const blobs = await this.#arriving.sweepIfNone(async () => {
        const needed = await this.#blobs.diffIdsOf(digests);
        const used = [...needed, ...this.#folders.layersInUse()];
        const removed = await this.#layers.keepOnly(used);
        const isKept = (diffId: string) => this.#layers.has(diffId);
        return removed + (await this.#blobs.keepOnly(digests, isKept));
      });
      return { folders, blobs: blobs ?? 0 };
    });
  }

  async #renew(image: { readonly digest: string; readonly name: string }) {
    const { maxFiles, maxBytes } = this.#options;
    const stores = { blobs: this.#blobs, layers: this.#layers, folders: this.#folders };
    const limits = { maxFiles, maxBytes, inTurn: this.#inTurn };
    return await this.#arriving.during(async () => {
      // Somebody may have removed it while others were renewed.
      if (!this.all().some(({ digest }) => digest === image.digest)) return [];
      return await this.withWork((work) => renewFolder(image, { ...stores, ...limits, work }));
    });
  }

  /** Digests of images whose layers are here, so that their folders can be made again. */
  async #wholeImages(): Promise<Set<string>> {
    const whole = new Set<string>();
    for (const { digest } of await this.#options.records.all()) {
      const diffIds = await this.#blobs.diffIdsOf([digest]).catch(() => new Set<string>());
      const here = await Promise.all([...diffIds].map((diffId) => this.#layers.has(diffId)));
      if (here.length > 0 && here.every(Boolean)) whole.add(digest);
    }
    return whole;
  }
}
