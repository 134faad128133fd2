// The process that takes a server's place. It is started before the server gives anything up, holds the sockets that
// machines come to, and waits for the word to become the server.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { WaltError } from '../errors.ts';
import {
  definedOnes,
  type Environment,
  type InheritedSockets,
  type SocketPlaces,
  socketNames,
  withSockets,
} from '../net/bound-sockets.ts';

type Options = {
  /** what to become: an absolute path first */
  readonly argv: readonly string[];
  readonly env: Environment;
  /** where it is to listen */
  readonly places: SocketPlaces;
  /** those of this process that lie there already */
  readonly sockets: InheritedSockets;
};

const FIRST_FD = 3;
/** What it has to do until then is one message. */
const LEAVE_MS = 5000;

/** A process that waits, then becomes the server. */
export class Successor {
  readonly #child: ChildProcess;
  readonly #ended: Promise<unknown>;

  private constructor(child: ChildProcess) {
    this.#child = child;
    this.#ended = once(child, 'exit');
    // Where nobody waits for the end, it is no failure of this process.
    this.#ended.catch(() => undefined);
  }

  /** @throws {WaltError} where no process can be started */
  static async start({ argv, env, places, sockets }: Options): Promise<Successor> {
    const names = socketNames(places);
    const fds = names.map((name) => sockets[name] ?? ('ignore' as const));
    const given = names.filter((name) => sockets[name] !== undefined);
    const there = Object.fromEntries(given.map((name) => [name, FIRST_FD + names.indexOf(name)]));
    const { file, args } = withSockets(places, argv, { env, given: there, waits: true });
    // The channel comes behind the sockets, whose numbers are fixed.
    const child = spawn(file, args.slice(1), {
      env: definedOnes(env),
      stdio: ['pipe', 'inherit', 'inherit', ...fds, 'ipc'],
    });
    try {
      await once(child, 'spawn');
    } catch (cause) {
      throw new WaltError(`Cannot start ${file}`, { cause });
    }
    return new Successor(child);
  }

  /** of the process; it stays when that becomes the server */
  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** Nobody else has what the server needs: now it may take it. */
  begin(): void {
    this.#child.stdin?.end('go\n');
  }

  /** @throws {WaltError} if it ends before it serves */
  async ready(): Promise<void> {
    const isReady = once(this.#child, 'message').then(() => true);
    if (await Promise.race([isReady, this.#ended.then(() => false)])) return;
    throw new WaltError('The new process ended before it served walt-net');
  }

  /** Whatever this process was told to do is the other's to do now. */
  signal(name: NodeJS.Signals): void {
    this.#child.kill(name);
  }

  /** It goes on without this process. */
  leave(): void {
    if (this.#child.connected) this.#child.disconnect();
    this.#child.unref();
  }
}

/**
 * Tells the process that waits for it, if there is one, that this one serves now. Resolves when that has let go of it, so that systemd
 * listens to this one; or has ended, or hangs.
 */
export async function tellPredecessor(): Promise<void> {
  if (process.send === undefined || !process.connected) return;
  const left = once(process, 'disconnect', { signal: AbortSignal.timeout(LEAVE_MS) });
  process.send('ready', (reason) => {
    if (reason !== null && process.connected) process.disconnect();
  });
  await left.catch(() => undefined);
  if (process.connected) process.disconnect();
}
