// Shells in images. The server prepares the container and says which command runs a shell in it; whoever asked
// runs that on its own terminal, on this machine. The container stays until they are gone.
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { RequestError } from '../../errors.ts';
import type { Image } from '../content/image.ts';
import { ownImageName } from '../content/names.ts';
import type { Progress } from '../content/progress.ts';
import type { Target } from '../content/target.ts';
import type { ImageStore } from '../intake/image-store.ts';
import { makeRunnable } from './foreign.ts';
import type { WorkingSet } from './working-set.ts';
import type { Container, Workshop } from './workshop.ts';

type Session = {
  readonly container: Container;
  readonly image: Image;
  readonly user: string;
  /** digests of the images that there were when it began, by name; and of what it saved */
  readonly seen: Map<string, string>;
  saving?: Promise<unknown>;
};

export type OpenShell = { readonly id: string; readonly command: readonly string[] };

type Options = {
  readonly workshop: Pick<Workshop, 'withContainer'>;
  readonly workingSet: Pick<WorkingSet, 'target'>;
  readonly images: Pick<ImageStore, 'all'>;
};

/** Shell sessions that are open. */
export class Shells {
  readonly #options: Options;
  readonly #sessions = new Map<string, Session>();

  constructor(options: Options) {
    this.#options = options;
  }

  /**
   * Opens a shell session; it ends when `signal` aborts.
   * @param onReady told how to run the shell
   */
  async open(
    image: Image,
    options: {
      readonly user: string;
      readonly hasTerminal: boolean;
      readonly signal: AbortSignal;
      readonly progress: Progress;
      readonly onReady: (shell: OpenShell) => void;
    },
  ): Promise<void> {
    const { user, hasTerminal, signal, progress, onReady } = options;
    const use = async (container: Container) => {
      const { buildah } = container;
      await makeRunnable(await buildah.architecture());
      const id = randomUUID();
      const seen = new Map(this.#options.images.all().map(({ name, digest }) => [name, digest]));
      const session: Session = { container, image, user, seen };
      this.#sessions.set(id, session);
      onReady({ id, command: buildah.shell({ hasTerminal, program: ['/bin/sh', '-l'] }) });
      if (!signal.aborted) await once(signal, 'abort');
      this.#sessions.delete(id);
      await session.saving?.catch(() => undefined);
    };
    await this.#options.workshop.withContainer(image, { progress, use });
  }

  /**
   * Writes what the shell has left into the store. The session's own image may be replaced, others with `force`.
   * @throws {RequestError} if the session is over, or the name stands for an image that the session has not seen
   */
  async save(
    id: string,
    options: { readonly name: string; readonly force: boolean; readonly user: string },
  ): Promise<Image> {
    const session = this.#sessions.get(id);
    if (session === undefined || session.user !== options.user) {
      throw new RequestError(404, 'Cannot save the image: its shell session is over');
    }
    const saving = session.container.commit(this.#target(session, options));
    session.saving = saving;
    const image = await saving;
    session.seen.set(image.name, image.digest);
    return image;
  }

  #target(
    { image, seen }: Session,
    {
      name,
      force,
      user,
    }: { readonly name: string; readonly force: boolean; readonly user: string },
  ): Target {
    const isOwn = ownImageName(name, user) === image.name;
    const target = this.#options.workingSet.target(name, { user, force: force || isOwn });
    if (target.replaces === undefined && !isOwn) return target;
    return { name: target.name, replaces: seen.get(target.name) };
  }
}
