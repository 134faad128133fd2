// The server's side of NFS that the runner serves.
import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf, WaltError } from '../../errors.ts';
import { checkExports, type NfsExport } from '../../nfs/export.ts';
import type { NfsServer, NfsServerOptions } from '../../nfs/server.ts';
import { insideOf } from '../paths.ts';
import { brokenOff } from '../reach.ts';
import type { NodeExport } from './messages.ts';
import { openSession, type Session } from './session.ts';

type Place = {
  /** path of the runner's socket */
  readonly socket: string;
  /** folder of the server's state, without links */
  readonly state: string;
  readonly onProblem: NfsServerOptions['onProblem'];
  /** milliseconds until it is asked for again, twice as long each time, up to a minute */
  readonly pauseMs?: number;
};

/** A connection with its questions that wait for an answer, by their numbers. */
type Line = {
  readonly session: Session;
  readonly waiting: Map<number, PromiseWithResolvers<void>>;
};

type Order =
  | { readonly order: 'start' | 'stop' }
  | { readonly order: 'apply'; readonly exports: readonly NodeExport[] };

const LONGEST_PAUSE_MS = 60_000;

/** NFS that goes on by itself: a runner that ends is asked again, and told what is to be exported. */
export class UnitNfsServer implements NfsServer {
  readonly #place: Place;
  #line: Promise<Line> | undefined;
  #isStarted = false;
  #isDetached = false;
  #isReviving = false;
  #exports: readonly NodeExport[] | undefined;
  #lastId = 0;

  constructor(place: Place) {
    this.#place = place;
  }

  async start(): Promise<void> {
    await this.#ask({ order: 'start' });
    this.#isStarted = true;
  }

  /** @throws {TypeError} also for what is not in the state folder */
  async apply(exports: readonly NfsExport[]): Promise<void> {
    checkExports(exports);
    const wanted = exports.map((each) => beneath(this.#place.state, each));
    this.#exports = wanted;
    await this.#ask({ order: 'apply', exports: wanted });
  }

  detach(): void {
    this.#isDetached = true;
    this.#line?.then(({ session }) => session.close()).catch(() => undefined);
  }

  async stop(): Promise<void> {
    await this.#ask({ order: 'stop' });
    this.detach();
  }

  async #ask(order: Order): Promise<void> {
    const { session, waiting } = await this.#connected();
    this.#lastId += 1;
    const id = this.#lastId;
    const answer = Promise.withResolvers<void>();
    waiting.set(id, answer);
    session.send({ ...order, id });
    await answer.promise;
  }

  #connected(): Promise<Line> {
    this.#line ??= this.#connect().catch((reason) => {
      this.#line = undefined;
      throw reason;
    });
    return this.#line;
  }

  async #connect(): Promise<Line> {
    const session = await openSession(this.#place.socket, { verb: 'nfs' });
    const line: Line = { session, waiting: new Map() };
    void this.#listen(line).finally(() => this.#lost(line));
    return line;
  }

  async #listen({ session, waiting }: Line): Promise<void> {
    for await (const answer of session.answers) {
      if ('problem' in answer) this.#place.onProblem(answer.problem);
      else if ('result' in answer) settle(waiting, answer.id)?.resolve();
      else if ('reason' in answer) {
        const reason = new WaltError(answer.reason);
        // What concerns no order ends them all: it refuses to serve.
        if (answer.id === undefined) for (const each of waiting.values()) each.reject(reason);
        else settle(waiting, answer.id)?.reject(reason);
      }
    }
  }

  #lost({ waiting }: Line): void {
    this.#line = undefined;
    for (const each of waiting.values()) each.reject(brokenOff('runner'));
    if (this.#isStarted && !this.#isDetached && !this.#isReviving) void this.#again();
  }

  async #again(): Promise<void> {
    const { onProblem, pauseMs = 1000 } = this.#place;
    this.#isReviving = true;
    onProblem('The runner of the NFS server ended: asking for it again');
    let last = '';
    for (let pause = pauseMs; !this.#isDetached; pause = Math.min(2 * pause, LONGEST_PAUSE_MS)) {
      await sleep(pause, undefined, { ref: false });
      const words = await this.#revive().then(() => undefined, messageOf);
      if (words === undefined) break;
      // The same again is no news.
      if (words !== last) onProblem(words);
      last = words;
    }
    this.#isReviving = false;
  }

  async #revive(): Promise<void> {
    await this.#ask({ order: 'start' });
    if (this.#exports !== undefined) await this.#ask({ order: 'apply', exports: this.#exports });
  }
}

function settle(waiting: Line['waiting'], id: number | undefined) {
  if (id === undefined) return undefined;
  const answer = waiting.get(id);
  waiting.delete(id);
  return answer;
}

/** As the runner is told of it. */
function beneath(state: string, { ip, mac, imagePath, share }: NfsExport): NodeExport {
  const image = insideOf(state, imagePath);
  if (share === undefined) return { ip, mac, image };
  return { ip, mac, image, share: { disk: insideOf(state, share.disk), uid: share.uid } };
}
