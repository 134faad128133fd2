// Changes images: a container is made of one, changed, and committed as one new layer. What results enters the
// store as an image from anywhere does, with all its checks; nodes get it when they boot next.
import { mkdir, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Descriptor } from '../content/descriptor.ts';
import type { Image } from '../content/image.ts';
import type { Progress } from '../content/progress.ts';
import type { Target } from '../content/target.ts';
import type { ImageStore } from '../intake/image-store.ts';
import { openArchive } from '../sources/archive/open-archive.ts';
import { openContext } from './builds/context.ts';
import { baseImages } from './builds/dockerfile.ts';
import type { Containers, ImageContainer } from './containers.ts';
import { nameKnownLayers } from './known-layers.ts';

type Store = Pick<ImageStore, 'withWork' | 'makeLayout' | 'layersOf' | 'take' | 'byName'>;

type CommitOptions = {
  /** all layers become one */
  readonly squash?: boolean;
  /** by default that of the work that opened the container */
  readonly progress?: Progress;
};

/** An image in change. */
export type Container = {
  readonly inside: ImageContainer;
  /** Writes it into the store. @throws {RequestError} if the name stands for something newer */
  readonly commit: (target: Target, options?: CommitOptions) => Promise<Image>;
};

/** by what they hold */
type Layers = Map<string, Descriptor>;
type Use<Result> = (container: Container) => Promise<Result>;

/** The containers that are open. */
export class Workshop {
  readonly #store: Store;
  readonly #containers: Containers;
  readonly #running = new Set<Promise<unknown>>();

  constructor(store: Store, containers: Containers) {
    this.#store = store;
    this.#containers = containers;
  }

  /** Returns once programs of the container can be run. @throws {ImageError} if this machine cannot */
  async makeRunnable({ inside }: Container): Promise<void> {
    await this.#containers.makeRunnable(await inside.architecture());
  }

  /**
   * Calls `use` with a container of the image, which is gone afterwards.
   * @throws {ImageError | WaltError} if there can be none
   */
  async withContainer<Result>(
    image: Image,
    { progress, use }: { readonly progress: Progress; readonly use: Use<Result> },
  ): Promise<Result> {
    return await this.#open(progress, async ({ layout, known, work: _, ...container }) => {
      progress('preparing a container');
      await this.#provide(image, { layout, known });
      await container.inside.from(layout);
      return await use(container);
    });
  }

  /** Resolves when no container is left. */
  async idle(): Promise<void> {
    while (this.#running.size > 0) await Promise.allSettled(this.#running);
  }

  /** All layers become one; nothing else changes. */
  async squash(image: Image, progress: Progress): Promise<Image> {
    const use = ({ commit }: Container) => commit(successorOf(image), { squash: true });
    return await this.withContainer(image, { progress, use });
  }

  /** @param target absolute path in the image; a folder at `source` becomes this very folder */
  async copyIn(
    copy: { readonly source: string; readonly isFolder: boolean; readonly target: string },
    { image, progress }: { readonly image: Image; readonly progress: Progress },
  ): Promise<Image> {
    const { source, isFolder, target } = copy;
    const use = async ({ inside, commit }: Container) => {
      progress(`copying ${basename(source)}`);
      await inside.copy(isFolder ? `${source}/` : source, target);
      return await commit(successorOf(image));
    };
    return await this.withContainer(image, { progress, use });
  }

  /**
   * Builds the Dockerfile of a folder, or of what is at a URL (git repository or tar). `FROM` may name images of this server,
   * as `owner/name`; what the steps print is progress.
   * @param options.signal ends the fetching
   */
  async build(
    context: string,
    {
      target,
      progress,
      signal,
    }: { readonly target: Target; readonly progress: Progress; readonly signal?: AbortSignal },
  ): Promise<Image> {
    return await this.#open(progress, async ({ inside, commit, layout, known, work }) => {
      const fetching = { work, progress, ...(signal === undefined ? {} : { signal }) };
      const folder = await openContext(context, fetching);
      const architectures = new Set<string>();
      for (const [index, base] of (await baseImages(folder)).entries()) {
        const image = this.#store.byName(base);
        if (image === undefined) continue;
        progress(`providing ${base}`);
        const own = `${layout}-${index}`;
        await this.#provide(image, { layout: own, known });
        architectures.add(await inside.provide(own, base));
      }
      for (const architecture of architectures) {
        await this.#containers.makeRunnable(architecture);
      }
      progress('building');
      await inside.build(folder, { architecture: [...architectures].at(-1), onLine: progress });
      return await commit(target);
    });
  }

  async #provide(
    image: Image,
    { layout, known }: { readonly layout: string; readonly known: Layers },
  ): Promise<void> {
    await mkdir(layout);
    await this.#store.makeLayout(image, layout);
    for (const { diffId, descriptor } of await this.#store.layersOf(image)) {
      known.set(diffId, descriptor);
    }
  }

  async #open<Result>(
    progress: Progress,
    use: (
      container: Container & {
        readonly layout: string;
        readonly known: Layers;
        readonly work: string;
      },
    ) => Promise<Result>,
  ): Promise<Result> {
    const running = this.#store.withWork(async (work) => {
      const inside = await this.#containers.open(work);
      const layout = join(work, 'layout');
      const known: Layers = new Map();
      const commit: Container['commit'] = async (
        target,
        { squash = false, progress: say = progress } = {},
      ) => {
        say('writing the new layer');
        const made = { layout: `${layout}-new`, tag: 'image' };
        await rm(made.layout, { recursive: true, force: true });
        await inside.commit(made.layout, { squash });
        await nameKnownLayers(made, known);
        const shown = `the container of ${target.name}`;
        const { source } = await openArchive(made.layout, { work });
        return await this.#store.take({ ...source, shown }, { ...target, progress: say });
      };
      try {
        return await use({ inside, commit, layout, known, work });
      } finally {
        await inside.close();
      }
    });
    this.#running.add(running);
    return await running.finally(() => this.#running.delete(running));
  }
}

/** What is made of an image takes its place, unless that is somebody else's by then. */
function successorOf({ name, digest }: Image): Target {
  return { name, replaces: digest };
}
