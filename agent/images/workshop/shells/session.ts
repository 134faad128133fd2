// One shell session: a container, who works in it, and whether they changed what is not saved.
import { randomUUID } from 'node:crypto';
import type { ShellProcess, Terminal } from '../../../host/processes/shell-process.ts';
import type { Image } from '../../content/image.ts';
import type { Progress } from '../../content/progress.ts';
import type { Target } from '../../content/target.ts';
import type { Container } from '../workshop.ts';

const SHELL = ['/bin/sh', '-l'];

type Options = {
  /** what the container was made of */
  readonly image: Image;
  readonly user: string;
  readonly container: Container;
  /** the images that there were when it began */
  readonly seen: readonly Image[];
};

/** A container with a shell, from its making to its end. */
export class ShellSession {
  readonly id = randomUUID();
  readonly image: Image;
  readonly user: string;
  /** digests by name of the images that there were when it began, and of what it saved */
  readonly seen: Map<string, string>;
  /** somebody is at the shell */
  isAttended = false;
  /** what is not saved is to be kept */
  isWanted = true;
  readonly #container: Container;
  readonly #over = Promise.withResolvers<void>();
  #saving: Promise<unknown> = Promise.resolve();
  #mark = '';

  constructor({ image, user, container, seen }: Options) {
    this.image = image;
    this.user = user;
    this.seen = new Map(seen.map(({ name, digest }) => [name, digest]));
    this.#container = container;
  }

  /** Resolves once it was ended and nothing of it is being saved any more. */
  get over(): Promise<void> {
    return this.#over.promise.then(() => this.#saving.then(() => undefined));
  }

  /** From now on changes are the visitor's. */
  async begin(): Promise<void> {
    this.#mark = await this.#container.inside.settle(SHELL);
  }

  /** Runs a shell, for whoever has the terminal. @throws {WaltError} if it cannot be started */
  async start(terminal: Terminal | undefined): Promise<ShellProcess> {
    return await this.#container.inside.startShell({ program: SHELL, terminal });
  }

  /** Waits for what is being saved. Where it cannot be told, there may be something. */
  async hasUnsaved(): Promise<boolean> {
    await this.#saving;
    return await this.#container.inside.hasChangedSince(this.#mark).catch(() => true);
  }

  /** Writes what there is now into the store. @throws {ImageError | RequestError} if it is refused */
  async save(target: Target, progress: Progress): Promise<Image> {
    const before = this.#saving;
    const saving = before.then(async () => {
      const mark = await this.#container.inside.mark();
      const image = await this.#container.commit(target, { progress });
      this.seen.set(image.name, image.digest);
      this.#mark = mark;
      return image;
    });
    this.#saving = saving.catch(() => undefined);
    return await saving;
  }

  /** Lets go of the container. */
  end(): void {
    this.#over.resolve();
  }
}
