// A user's images: what `walt image rename|duplicate|remove|clone` do with names. An image that nodes boot keeps its
// name, so that they find it at their next boot.
import { RequestError } from '../../errors.ts';
import type { Image } from '../content/image.ts';
import { cloneName, ownImage, ownImageName, shortImageName } from '../content/names.ts';
import type { Progress } from '../content/progress.ts';
import type { ImageStore } from '../intake/image-store.ts';
import { parseLink } from '../sources/link.ts';

type Options = {
  readonly images: Pick<ImageStore, 'byName' | 'alias' | 'rename' | 'remove' | 'pull'>;
  /** names of the nodes that boot this image */
  readonly nodesOf: (imageName: string) => readonly string[];
};

/** Whose is wanted where an image exists for several: this machine's first. */
const ARCHITECTURES = ['amd64', 'arm64', 'arm', '386'];

export class WorkingSet {
  readonly #options: Options;

  constructor(options: Options) {
    this.#options = options;
  }

  /** @throws {RequestError} if the user has no such image */
  own(name: string, user: string): Image {
    return ownImage(name, { user, images: this.#options.images });
  }

  /**
   * The full name for a new image of the user.
   * @throws {RequestError} if there is one already, unless it may be replaced
   */
  newName(
    name: string,
    { user, force = false }: { readonly user: string; readonly force?: boolean },
  ): string {
    const full = ownImageName(name, user);
    if (force || this.#options.images.byName(full) === undefined) return full;
    throw new RequestError(
      409,
      `There is an image '${shortImageName(full)}' already. Choose another name, or add --force to replace it.`,
    );
  }

  async duplicate(from: string, to: string, user: string): Promise<Image> {
    return await this.#options.images.alias(this.own(from, user).name, this.newName(to, { user }));
  }

  async rename(from: string, to: string, user: string): Promise<Image> {
    const image = this.#unused(from, { user, action: 'rename' });
    return await this.#options.images.rename(image.name, this.newName(to, { user }));
  }

  async remove(name: string, user: string): Promise<void> {
    await this.#options.images.remove(this.#unused(name, { user, action: 'remove' }).name);
  }

  /** Makes an image of the user's from one of another user, a registry or a program of this machine. */
  async clone(
    link: string,
    options: {
      readonly name?: string;
      readonly user: string;
      readonly force: boolean;
      readonly progress: Progress;
      readonly signal: AbortSignal;
    },
  ): Promise<Image> {
    const { images } = this.#options;
    const { location, name: source } = parseLink(link);
    const { user, force, name, progress, signal } = options;
    if (location === undefined) {
      const image = images.byName(source);
      if (image === undefined)
        throw new RequestError(404, `There is no image ${source} on this server.`);
      const as = this.newName(name ?? cloneName(image, user), { user, force });
      return as === image.name ? image : await images.alias(image.name, as);
    }
    const as = this.newName(name ?? shortImageName(source), { user, force });
    return await images.pull(source, {
      from: location,
      as,
      architectures: ARCHITECTURES,
      progress,
      signal,
    });
  }

  #unused(
    name: string,
    { user, action }: { readonly user: string; readonly action: string },
  ): Image {
    const image = this.own(name, user);
    const nodes = this.#options.nodesOf(image.name);
    if (nodes.length === 0) return image;
    const list =
      nodes.slice(0, 5).join(', ') + (nodes.length > 5 ? ` and ${nodes.length - 5} more` : '');
    throw new RequestError(
      409,
      `Cannot ${action} ${shortImageName(image.name)}: ${list} ${nodes.length === 1 ? 'boots' : 'boot'} it. ` +
        'Let them boot another image first (walt node boot or walt node release).',
    );
  }
}
