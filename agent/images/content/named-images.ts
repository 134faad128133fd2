// The names of images, each standing for the content with a digest. Names change in one place, `change`, one after the
// other: whoever worked for long on an image and then wants to write it is told if somebody else was faster.

import { RequestError } from '../../errors.ts';
import { inTurn } from '../../host/queues/in-turn.ts';
import type { ImageRecords, ImageWrite } from '../../store/records/images.ts';
import { fullImageName, type Image, newImageName } from './image.ts';
import { nearImage } from './names.ts';
import { requireOtherName, requireSeen, type Target } from './target.ts';

type Options = {
  /** `waltplatform/<model>-default:latest` */
  readonly defaultName: string;
  readonly records: ImageRecords;
  /** microseconds since 1970 */
  readonly clock: () => number;
};

type Content = Omit<Image, 'name' | 'created' | 'used'>;

type Change<Result> = {
  /** its name is taken away */
  readonly gone?: Image;
  /** what names stand for from now on */
  readonly images?: readonly Image[];
  readonly result: Result;
};

/** Looks at an image right before its name changes. @throws to leave everything as it is */
export type Check = (image: Image) => void;

/** Names with their images: in memory for reading, in the database for the next start. */
export class NamedImages {
  readonly #options: Options;
  readonly #images = new Map<string, Image>();
  readonly #inTurn = inTurn();

  constructor(options: Options) {
    this.#options = options;
  }

  /** @param isWhole whether the content with a digest is there @returns names whose content is gone */
  async load(isWhole: (digest: string) => boolean): Promise<string[]> {
    const images = await this.#options.records.all();
    for (const image of images) if (isWhole(image.digest)) this.#images.set(image.name, image);
    return images.filter(({ digest }) => !isWhole(digest)).map(({ name }) => name);
  }

  /** In no order that matters. */
  all(): Image[] {
    return [...this.#images.values()];
  }

  /** @param name in full, with its tag */
  byName(name: string): Image | undefined {
    return this.#images.get(name);
  }

  /** @throws {RequestError} if there is no such image */
  existing(name: string): Image {
    const image = this.#images.get(name) ?? this.#images.get(fullImageName(name));
    if (image !== undefined) return image;
    const full = fullImageName(name);
    const guess = nearImage(full, this.all());
    throw new RequestError(404, `There is no image ${full}.${guess} See walt image show --all.`);
  }

  /**
   * A name for an image that is still to be made: it takes the place of what the name stands for now.
   * @throws {RequestError} if no image can have this name
   */
  target(name: string): Target {
    const known = fullImageName(name);
    const full = this.#images.has(known) ? known : newImageName(name);
    requireOtherName(full, this.#images.keys());
    return { name: full, replaces: this.#images.get(full)?.digest };
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

  /** Name that the default image of a model has or would have. */
  defaultNameOf(model: string): string {
    return this.#options.defaultName.replace('<model>', model);
  }

  /**
   * The only way in: decides in its turn, knowing all that others decided before, and writes it down at once.
   * @param decide throws to leave everything as it is
   */
  async change<Result>(decide: () => Change<Result>): Promise<Result> {
    return await this.#inTurn(async () => {
      const { gone, images = [], result } = decide();
      // What goes is not to be chosen any more; what comes is there once it is on disk.
      if (gone !== undefined) this.#images.delete(gone.name);
      const removal: ImageWrite[] = gone === undefined ? [] : [{ kind: 'forget', name: gone.name }];
      const saved: ImageWrite[] = images.map((image) => ({ kind: 'save', image }));
      try {
        await this.#options.records.write([...removal, ...saved]);
      } catch (thrown) {
        if (gone !== undefined) this.#images.set(gone.name, gone);
        throw thrown;
      }
      for (const image of images) this.#images.set(image.name, image);
      return result;
    });
  }

  /**
   * Once it resolves the name stands for the content, for good.
   * @throws {RequestError} if the name does not stand any more for what it is to replace
   */
  async put(target: Target, content: Content): Promise<Image> {
    return await this.#put(target, () => content);
  }

  /**
   * Gives the content of an image a second name; nothing is copied.
   * @throws {RequestError} if there is no such image, or the name does not stand for what it is to replace
   */
  async alias(name: string, target: Target): Promise<Image> {
    return await this.#put(target, () => this.existing(name));
  }

  /** @throws {RequestError} if there is no such image, or another has the new name */
  async rename(from: string, to: string, check?: Check): Promise<Image> {
    const name = newImageName(to);
    return await this.change(() => {
      const image = this.existing(from);
      check?.(image);
      if (name === image.name) return { result: image };
      if (this.#images.has(name)) {
        throw new RequestError(409, `Cannot rename ${from}: there is an image ${name} already`);
      }
      const others = this.all().map((other) => other.name);
      requireOtherName(
        name,
        others.filter((other) => other !== image.name),
      );
      const renamed = { ...image, name };
      return { gone: image, images: [renamed], result: renamed };
    });
  }

  /**
   * Takes the name away. What it stood for stays on disk until it is collected (`walt image gc`).
   * @throws {RequestError} if there is no such image
   */
  async remove(name: string, check?: Check): Promise<void> {
    await this.change(() => {
      const image = this.existing(name);
      check?.(image);
      return { gone: image, result: undefined };
    });
  }

  /** Remembers that nodes have these images now. */
  async markUsed(names: readonly string[]): Promise<void> {
    const used = this.#options.clock();
    await this.change(() => {
      const known = [...new Set(names)].flatMap((name) => this.#images.get(name) ?? []);
      return { images: known.map((image) => ({ ...image, used })), result: undefined };
    });
  }

  /**
   * The clock was set by so many microseconds: what was noted since `since`, by the clock as it was, has the new time.
   * Otherwise an image of today would look as if nobody had used it for years.
   */
  async shift({ by, since }: { readonly by: number; readonly since: number }): Promise<void> {
    const moved = (at: number) => (at >= since ? at + by : at);
    await this.change(() => {
      const images = this.all()
        .filter(({ created, used }) => Math.max(created, used) >= since)
        .map((image) => ({ ...image, created: moved(image.created), used: moved(image.used) }));
      return { images, result: undefined };
    });
  }

  async #put({ name, replaces }: Target, contentOf: () => Content): Promise<Image> {
    return await this.change(() => {
      const image = { ...contentOf(), name, created: this.#options.clock(), used: 0 };
      const now = this.#images.get(name);
      requireSeen({ name, replaces }, { now, digest: image.digest });
      requireOtherName(name, this.#images.keys());
      return { images: [image], result: image };
    });
  }
}
