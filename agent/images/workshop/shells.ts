// Shells in images. The server prepares the container and says which command runs a shell in it; whoever asked
// runs that on its own terminal, on this machine. The container stays until they are gone.
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { RequestError } from '../../errors.ts';
import type { Image } from '../content/image.ts';
import type { Progress } from '../content/progress.ts';
import { makeRunnable } from './foreign.ts';
import type { Container, Workshop } from './workshop.ts';

type Session = {
  readonly container: Container;
  readonly user: string;
  saving?: Promise<unknown>;
};

export type OpenShell = { readonly id: string; readonly command: readonly string[] };

export class Shells {
  readonly #workshop: Pick<Workshop, 'withContainer'>;
  readonly #sessions = new Map<string, Session>();

  constructor(workshop: Pick<Workshop, 'withContainer'>) {
    this.#workshop = workshop;
  }

  /**
   * Opens a shell session; it ends when `signal` aborts.
   * @param onReady told how to run the shell
   */
  async open(
    name: string,
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
      const session: Session = { container, user };
      this.#sessions.set(id, session);
      onReady({ id, command: buildah.shell({ hasTerminal, program: ['/bin/sh', '-l'] }) });
      if (!signal.aborted) await once(signal, 'abort');
      this.#sessions.delete(id);
      await session.saving?.catch(() => undefined);
    };
    await this.#workshop.withContainer(name, { progress, use });
  }

  /** Writes what the shell has left into the store. @throws {RequestError} if the session is over */
  async save(
    id: string,
    { name, user }: { readonly name: string; readonly user: string },
  ): Promise<Image> {
    const session = this.#sessions.get(id);
    if (session === undefined || session.user !== user) {
      throw new RequestError(404, 'Cannot save the image: its shell session is over');
    }
    const saving = session.container.commit(name);
    session.saving = saving;
    return await saving;
  }
}
