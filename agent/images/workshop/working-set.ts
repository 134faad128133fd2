// A user's images: what `walt image rename|duplicate|remove|clone` do with names. An image that nodes boot keeps its
// name, so that they find it at their next boot.
import { RequestError } from '../../errors.ts';
import type { Image } from '../content/image.ts';
import { cloneName, nearImage, ownImage, ownImageName, shortImageName } from '../content/names.ts';
import type { Progress } from '../content/progress.ts';
import type { Target } from '../content/target.ts';
import type { ImageStore } from '../intake/image-store.ts';
import { parseLink } from '../sources/link.ts';

type Options = {
  readonly images: Pick<
    ImageStore,
    'all' | 'byName' | 'target' | 'alias' | 'rename' | 'remove' | 'pull'
  >;
  /** names of the nodes that boot this image */
  readonly nodesOf: (imageName: string) => readonly string[];
};

/** Names images for their users. */
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
   * The name for a new image of the user.
   * @param options.force it may replace the image that has the name now, though no newer one; undefined where the caller
   * cannot ask for that
   * @throws {RequestError} if no image can have this name, or one has it already and may not be replaced
   */
  target(
    name: string,
    { user, force }: { readonly user: string; readonly force?: boolean },
  ): Target {
    const full = ownImageName(name, user);
    const target = this.#options.images.target(full);
    if (force === true || target.replaces === undefined) return target;
    const other = force === undefined ? '' : ', or add --force to replace it';
    throw new RequestError(
      409,
      `There is an image '${shortImageName(full)}' already. Choose another name${other}.`,
    );
  }

  /** @throws {RequestError} if the user has no such image, or one of the new name */
  async duplicate(from: string, to: string, user: string): Promise<Image> {
    const { name } = this.target(to, { user });
    return await this.#options.images.alias(this.own(from, user).name, name);
  }

  /** @throws {RequestError} if the user has no such image or one of the new name, or nodes boot it */
  async rename(from: string, to: string, user: string): Promise<Image> {
    const { name } = this.own(from, user);
    const check = this.#refuseUsed('rename');
    return await this.#options.images.rename(name, this.target(to, { user }).name, check);
  }

  /** @throws {RequestError} if the user has no such image, or nodes boot it */
  async remove(name: string, user: string): Promise<void> {
    await this.#options.images.remove(this.own(name, user).name, this.#refuseUsed('remove'));
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
        throw new RequestError(
          404,
          `There is no image ${source} on this server.${nearImage(source, images.all())} See walt image show --all.`,
        );
      const as = this.target(name ?? cloneName(image, user), { user, force });
      return as.name === image.name ? image : await images.alias(image.name, as.name, as.replaces);
    }
    const as = this.target(name ?? shortImageName(source), { user, force });
    return await images.pull(source, { from: location, as, progress, signal });
  }

  /** Nodes find an image by its name when they boot. */
  #refuseUsed(action: string): (image: Image) => void {
    return ({ name }) => {
      const nodes = this.#options.nodesOf(name);
      if (nodes.length === 0) return;
      const list =
        nodes.slice(0, 5).join(', ') + (nodes.length > 5 ? ` and ${nodes.length - 5} more` : '');
      throw new RequestError(
        409,
        `Cannot ${action} ${shortImageName(name)}: ${list} ${nodes.length === 1 ? 'boots' : 'boot'} it. ` +
          'Let them boot another image first (walt node boot or walt node release).',
      );
    };
  }
}
