// While boards stand still because of the server, or of something that all of them stand on, none of them is helped. What is the
// server's fault is decided in `server-trouble`; this file keeps when that was, and says when it begins and ends.
import type { BootBook } from '../boots/boot-book.ts';
import type { Node } from '../devices/device.ts';
import type { Registry } from '../devices/registry.ts';
import type { Publish } from '../events/publisher.ts';
import type { Clock } from '../host/clock/clock.ts';
import { type Cases, tryingFrom } from './cases.ts';
import { FellSilent } from './fell-silent.ts';
import { type ServerFacts, serverTrouble } from './server-trouble.ts';

/** What a pause stands on. */
export type PauseOptions = {
  readonly registry: Pick<Registry, 'all'>;
  readonly boots: Pick<BootBook, 'bootOf'>;
  readonly cases: Cases;
  readonly publish: Publish;
  readonly clock: Clock;
  /** what of the server a boot stands on */
  readonly server: () => Promise<Pick<ServerFacts, 'hasLink' | 'hasNfs'>>;
};

const SECOND = 1_000_000;
/** Boards that stopped within so long of each other stopped at once. */
const AT_ONCE = 60 * SECOND;
/** Many that stopped at once are left alone for so long, in case what all of them share comes back. */
const LENGTH = 120 * SECOND;

/** The pause of one healer, which begins to serve when it is made. */
export class Pause {
  readonly #options: PauseOptions;
  readonly #startedAt: number;
  readonly #silent: FellSilent;
  #until = 0;
  #isOn = false;

  constructor(options: PauseOptions) {
    this.#options = options;
    this.#startedAt = options.clock();
    this.#silent = new FellSilent(options);
  }

  /** Whether it has begun, and was not said to be over. */
  get isOn(): boolean {
    return this.#isOn;
  }

  /** Looks again. @param halted boards that stand still. @returns whether none of them is to be helped at this look */
  async holds(halted: readonly Node[]): Promise<boolean> {
    const { clock, cases, publish, server } = this.#options;
    const now = clock();
    const fresh = halted.filter(({ mac }) => {
      const { haltedAt = 0, isOfMany } = cases.of(mac);
      return isOfMany !== true && now - haltedAt < AT_ONCE;
    });
    const facts = { ...(await server()), age: now - this.#startedAt };
    const { length: silent } = fresh.filter(({ mac }) => cases.of(mac).isSilent === true);
    const boards = { halted: fresh.length, silent, live: this.#live() };
    const trouble = serverTrouble({ ...facts, ...boards });
    // It is never further away than that, but where the clock was set back.
    const isWaiting = now < this.#until && this.#until - now <= LENGTH;
    if (isWaiting) this.#silent.note(halted);
    if (trouble === undefined) return isWaiting || (await this.#resume());
    for (const { mac } of fresh) {
      await cases.change(mac, (board) => ({ ...board, isOfMany: true }));
    }
    if (facts.hasLink && facts.hasNfs && fresh.length > 0) {
      this.#until = now + LENGTH;
      this.#silent.note(halted);
    }
    if (!this.#isOn) publish([{ kind: 'healing-paused', reason: trouble }]);
    this.#isOn = true;
    return true;
  }

  /** Where it holds no more: those of the boards that are to be helped now. */
  async without(halted: readonly Node[]): Promise<readonly Node[]> {
    return await this.#silent.without(halted);
  }

  #live(): number {
    const { registry, boots } = this.#options;
    const states = registry.all().map(({ mac }) => boots.bootOf(mac)?.state);
    return states.filter((state) => state !== undefined && state !== 'down').length;
  }

  /** All boards have their whole time again: what they stood on was not there. @returns whether that was so */
  async #resume(): Promise<boolean> {
    if (!this.#isOn) return false;
    const { cases, clock, publish } = this.#options;
    this.#isOn = false;
    publish([{ kind: 'healing-paused' }]);
    const now = clock();
    for (const mac of cases.trying()) {
      await cases.change(mac, (board) => tryingFrom(now, board));
    }
    return true;
  }
}
