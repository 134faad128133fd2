// Shells in images. A session is a container, and the shell that runs in it (runs.ts keeps it). Once whoever
// asked for it has gone, what they changed and did not save is kept for an hour.
import { once } from 'node:events';
import { RequestError } from '../../../errors.ts';
import type { ShellProcess, Terminal } from '../../../host/processes/shell-process.ts';
import type { Image } from '../../content/image.ts';
import { ownImageName } from '../../content/names.ts';
import type { Progress } from '../../content/progress.ts';
import type { Target } from '../../content/target.ts';
import type { ImageStore } from '../../intake/image-store.ts';
import type { WorkingSet } from '../working-set.ts';
import type { Container, Workshop } from '../workshop.ts';
import { type KeptShell, KeptShells, type KeptShellsOptions } from './kept.ts';
import { ShellSession } from './session.ts';

type Options = KeptShellsOptions & {
  readonly workshop: Pick<Workshop, 'withContainer' | 'makeRunnable'>;
  readonly workingSet: Pick<WorkingSet, 'target'>;
  readonly images: Pick<ImageStore, 'all' | 'folder'>;
};

/** How to run the shell of a session. */
export type OpenShell = {
  readonly id: string;
  readonly start: (terminal: Terminal | undefined) => Promise<ShellProcess>;
};

/** Somebody at a shell. */
export type Visit = {
  readonly user: string;
  /** aborts when they have gone */
  readonly signal: AbortSignal;
  /** told how to run the shell */
  readonly onReady: (shell: OpenShell) => void;
};

type SaveOptions = {
  readonly name: string;
  readonly user: string;
  /** may replace another image than the session's own */
  readonly force: boolean;
  readonly progress: Progress;
};

/** The sessions that somebody works in, and those that are kept. */
export class Shells {
  readonly #options: Options;
  readonly #sessions = new Map<string, ShellSession>();
  readonly #kept: KeptShells;
  #isStopped = false;

  constructor(options: Options) {
    this.#options = options;
    this.#kept = new KeptShells(options, (session) => this.#end(session));
  }

  /**
   * Opens a shell in an image. Resolves when the visitor has gone.
   * @throws {ImageError | WaltError} if there can be no container of the image
   */
  async open(image: Image, visit: Visit & { readonly progress: Progress }): Promise<void> {
    await this.#attend(await this.#start(image, visit), visit);
  }

  /**
   * Opens a shell in a session that is kept. Resolves when the visitor has gone.
   * @throws {RequestError} if the user has no such session, or is in it already
   */
  async resume(id: string, visit: Visit): Promise<void> {
    const session = this.#session(id, visit.user);
    if (session.isAttended) {
      throw new RequestError(409, 'Cannot open the shell: it is open on another terminal');
    }
    await this.#attend(session, visit);
  }

  /** The user's sessions that are kept, the oldest first. */
  keptOf(user: string): KeptShell[] {
    return this.#kept.of(user);
  }

  /** Whether something was changed that is not saved. @throws {RequestError} if the user has no such session */
  async hasUnsaved(id: string, user: string): Promise<boolean> {
    return await this.#session(id, user).hasUnsaved();
  }

  /** What was not saved is not wanted. @throws {RequestError} if the user has no such session */
  drop(id: string, user: string): void {
    const session = this.#session(id, user);
    session.isWanted = false;
    if (!session.isAttended) this.#end(session);
  }

  /**
   * Writes what a shell has left into the store. The session's own image may be replaced, others with `force`.
   * @throws {RequestError} if the session is over, or the name stands for an image that the session has not seen: it goes
   * on, for another name
   */
  async save(id: string, options: SaveOptions): Promise<Image> {
    const session = this.#session(id, options.user);
    const target = this.#target(session, options);
    const image = await session.save(target, options.progress);
    if (!session.isAttended) this.#end(session);
    return image;
  }

  /** Ends all sessions, as the server does: those that are kept too. */
  stop(): void {
    this.#isStopped = true;
    this.#kept.stop();
    for (const session of this.#sessions.values()) this.#end(session);
  }

  async #start(
    image: Image,
    { user, progress }: { readonly user: string; readonly progress: Progress },
  ): Promise<ShellSession> {
    const { workshop } = this.#options;
    return await new Promise((resolve, reject) => {
      const use = async (container: Container) => {
        await workshop.makeRunnable(container);
        const seen = this.#options.images.all();
        const session = new ShellSession({ image, user, container, seen });
        await session.begin();
        this.#sessions.set(session.id, session);
        resolve(session);
        await session.over;
      };
      workshop.withContainer(image, { progress, use }).catch(reject);
    });
  }

  async #attend(session: ShellSession, { signal, onReady }: Visit): Promise<void> {
    this.#kept.take(session);
    session.isAttended = true;
    onReady({ id: session.id, start: (terminal) => session.start(terminal) });
    if (!signal.aborted) await once(signal, 'abort');
    session.isAttended = false;
    const isLeft = session.isWanted && (await session.hasUnsaved());
    const hasSpace = await this.#kept.hasSpace();
    if (session.isAttended || !this.#sessions.has(session.id)) return;
    if (!isLeft || this.#isStopped || !this.#kept.keep(session, hasSpace)) this.#end(session);
  }

  #end(session: ShellSession): void {
    this.#kept.take(session);
    this.#sessions.delete(session.id);
    session.end();
  }

  #session(id: string, user: string): ShellSession {
    const session = this.#sessions.get(id);
    if (session?.user === user) return session;
    throw new RequestError(404, 'This shell session is over, and what it changed is gone.');
  }

  #target({ image, seen }: ShellSession, { name, force, user }: SaveOptions): Target {
    const isOwn = ownImageName(name, user) === image.name;
    const target = this.#options.workingSet.target(name, { user, force: force || isOwn });
    if (target.replaces === undefined && !isOwn) return target;
    return { name: target.name, replaces: seen.get(target.name) };
  }
}
