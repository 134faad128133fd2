// The images of this server: `<state>/images/<digest>/fs` is the root file system that nodes mount. A folder
// there is whole and final: it is made beside and renamed into place.
import { mkdir, mkdtemp, rename, rm, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Kysely } from 'kysely';
import { ImageError, RequestError } from '../errors.ts';
import { runProgram } from '../program.ts';
import { readImages, writeImage } from '../store/images.ts';
import type { Tables } from '../store/schema.ts';
import type { WriteQueue } from '../store/write-queue.ts';
import { modelsOf, problemsOf } from './check.ts';
import { fullImageName, type Image } from './image.ts';
import { layOverlay } from './lay-overlay.ts';
import { copyToLayout, type OciImage, unpackLayout } from './oci.ts';

type Options = {
  /** holds `images/` and `tmp/` */
  readonly folder: string;
  readonly overlay: string;
  readonly publicKey: string;
  /** `waltplatform/<model>-default:latest` */
  readonly defaultName: string;
  readonly writes: WriteQueue;
  /** microseconds since 1970 */
  readonly clock: () => number;
};

export type Progress = (step: string) => void;

export class ImageStore {
  readonly #options: Options;
  readonly #images = new Map<string, Image>();
  #importing: Promise<unknown> = Promise.resolve();

  constructor(options: Options) {
    this.#options = options;
  }

  /** Reads what is there, and removes what an interrupted import left behind. */
  async load(database: Kysely<Tables>): Promise<void> {
    await rm(this.#tmp(), { recursive: true, force: true });
    await mkdir(this.#tmp(), { recursive: true, mode: 0o700 });
    await mkdir(join(this.#options.folder, 'images'), { recursive: true });
    for (const row of await readImages(database)) {
      this.#images.set(row.name, { ...row, models: row.models.split(',') });
    }
  }

  all(): Image[] {
    return [...this.#images.values()];
  }

  byName(name: string): Image | undefined {
    return this.#images.get(name);
  }

  /** Name of the default image of a model, if it is here and made for that model. */
  defaultOf = (model: string): string | undefined => {
    const name = this.#options.defaultName.replace('<model>', model);
    return this.#images.get(name)?.models.includes(model) ? name : undefined;
  };

  digestOf = (name: string): string | undefined => this.#images.get(name)?.digest;

  /** Root file system of the image with this digest. */
  rootOf = (digest: string): string => join(this.#folderOf(digest), 'fs');

  /**
   * Takes in the OCI archive or layout at `source`. One at a time.
   * @param name for the image; by default the one the archive has
   * @throws {RequestError | ImageError} with nothing changed
   */
  async import(
    source: string,
    options: { readonly name?: string; readonly progress: Progress },
  ): Promise<Image> {
    const turn = this.#importing.then(() => this.#import(source, options));
    this.#importing = turn.catch(() => undefined);
    return await turn;
  }

  async #import(
    source: string,
    options: { readonly name?: string; readonly progress: Progress },
  ): Promise<Image> {
    const work = await mkdtemp(join(this.#tmp(), 'import-'));
    try {
      options.progress(`reading ${basename(source)}`);
      const oci = await copyToLayout(source, work);
      const name = nameFor(oci, options.name, source);
      const models = modelsOf(oci.labels);
      const size = await this.#unpackOnce(oci, { name, models, work, progress: options.progress });
      const image = { name, digest: oci.digest, models, size, created: this.#options.clock() };
      await this.#options.writes.commit(writeImage({ ...image, models: models.join(',') }));
      this.#images.set(name, image);
      return image;
    } finally {
      await rm(work, { recursive: true, force: true });
    }
  }

  /** @returns bytes on disk */
  async #unpackOnce(
    oci: OciImage,
    options: {
      readonly name: string;
      readonly models: readonly string[];
      readonly work: string;
      readonly progress: Progress;
    },
  ): Promise<number> {
    const { name, models, work, progress } = options;
    const folder = this.#folderOf(oci.digest);
    if (await exists(folder)) {
      progress('already unpacked');
      return await sizeOf(folder);
    }
    progress('unpacking');
    const bundle = join(work, 'bundle');
    await unpackLayout(oci.layout, bundle);
    const rootfs = join(bundle, 'rootfs');
    progress('checking');
    const problems = await problemsOf(rootfs, models);
    if (problems.length > 0) throw new ImageError(`Cannot use image ${name}:`, problems);
    progress('adding the node side');
    await layOverlay(rootfs, this.#options);
    const sealed = join(work, 'sealed');
    await mkdir(sealed);
    await rename(rootfs, join(sealed, 'fs'));
    await runProgram('sync', ['-f', sealed]);
    await rename(sealed, folder);
    return await sizeOf(folder);
  }

  #folderOf(digest: string): string {
    return join(this.#options.folder, 'images', digest.replace(/^sha256:/, ''));
  }

  #tmp(): string {
    return join(this.#options.folder, 'tmp');
  }
}

function nameFor(oci: OciImage, wanted: string | undefined, source: string): string {
  const name = wanted ?? oci.refName;
  if (name !== undefined) return fullImageName(name);
  throw new RequestError(
    400,
    `${source} does not name its image: give it a name, as walt image import ${source} --name owner/name`,
  );
}

async function exists(path: string): Promise<boolean> {
  return await stat(path).then(
    () => true,
    () => false,
  );
}

async function sizeOf(folder: string): Promise<number> {
  const [bytes = '0'] = (await runProgram('du', ['-sb', folder])).split('\t');
  return Number(bytes);
}
