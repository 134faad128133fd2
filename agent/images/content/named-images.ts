// The names of images, each standing for the content with a digest. A name is given another content in one write.
import type { Kysely } from 'kysely';
import { RequestError } from '../../errors.ts';
import {
  deleteImage,
  readImages,
  renameImage,
  writeImage,
  writeImagesUsed,
} from '../../store/sqlite/images.ts';
import type { Tables } from '../../store/sqlite/schema.ts';
import type { WriteQueue } from '../../store/sqlite/write-queue.ts';
import { fullImageName, type Image } from './image.ts';
import { imageOf, rowOf } from './image-rows.ts';

type Options = {
  /** `waltplatform/<model>-default:latest` */
  readonly defaultName: string;
  readonly writes: WriteQueue;
  /** microseconds since 1970 */
  readonly clock: () => number;
};

export class NamedImages {
  readonly #options: Options;
  readonly #images = new Map<string, Image>();

  constructor(options: Options) {
    this.#options = options;
  }

  /** @param isWhole whether the content with a digest is there @returns names whose content is gone */
  async load(database: Kysely<Tables>, isWhole: (digest: string) => boolean): Promise<string[]> {
    const images = (await readImages(database)).map(imageOf);
    for (const image of images) if (isWhole(image.digest)) this.#images.set(image.name, image);
    return images.filter(({ digest }) => !isWhole(digest)).map(({ name }) => name);
  }

  all(): Image[] {
    return [...this.#images.values()];
  }

  /** @param name in full, with its tag */
  byName(name: string): Image | undefined {
    return this.#images.get(name);
  }

  /** @throws {RequestError} if there is no such image */
  existing(name: string): Image {
    const image = this.#images.get(fullImageName(name));
    if (image !== undefined) return image;
    throw new RequestError(404, `There is no image ${fullImageName(name)}. See walt image show.`);
  }

  /**
   * Name of the default image of a model, if it is here and made for that model: the one that has the model's name, else
   * one of a family of models, as `waltplatform/rpi-arm64-default:latest`, that has the model in its label.
   */
  defaultOf(model: string): string | undefined {
    const name = this.defaultNameOf(model);
    if (this.#images.get(name)?.models.includes(model)) return name;
    const [before = '', after = ''] = this.#options.defaultName.split('<model>');
    return this.all()
      .filter((image) => image.models.includes(model))
      .map((image) => image.name)
      .filter((candidate) => candidate.startsWith(before) && candidate.endsWith(after))
      .sort()[0];
  }

  defaultNameOf(model: string): string {
    return this.#options.defaultName.replace('<model>', model);
  }

  /** Once it resolves the name stands for the content, for good. */
  async put(content: Omit<Image, 'created' | 'used'>): Promise<Image> {
    const image = { ...content, created: this.#options.clock(), used: 0 };
    await this.#options.writes.commit(writeImage(rowOf(image)));
    this.#images.set(image.name, image);
    return image;
  }

  /** Gives the content of an image a second name; nothing is copied. */
  async alias(name: string, other: string): Promise<Image> {
    return await this.put({ ...this.existing(name), name: fullImageName(other) });
  }

  /** @throws {RequestError} if there is no such image, or another has the new name */
  async rename(from: string, to: string): Promise<Image> {
    const image = this.existing(from);
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
    const image = this.existing(name);
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
}
