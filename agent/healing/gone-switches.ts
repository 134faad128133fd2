// Boards behind a switch that is gone: most likely they run, or wait for it. Their power is not cycled for what is not theirs; the
// switch is asked, since it answers by itself. Fewer boards than make a pause hang on small switches.
import type { Node } from '../devices/device.ts';
import type { Publish } from '../events/publisher.ts';
import type { Clock } from '../host/clock/clock.ts';
import { type Cases, tryingFrom } from './cases.ts';

/** A switch, as healing needs it. */
export type NamedSwitch = { readonly mac: string; readonly name: string };

/** What is known of switches. */
export type GoneOptions = {
  readonly cases: Cases;
  readonly publish: Publish;
  readonly clock: Clock;
  readonly wiring: Wiring;
};

/** What boards hang on. */
export type Wiring = {
  /** the nearest switch before a board that has answered since the server started */
  readonly switchOf: (mac: string) => NamedSwitch | undefined;
  /** whether a switch answers now */
  readonly answers: (one: NamedSwitch) => Promise<boolean>;
};

type Seen = {
  readonly name: string;
  askedAt: number;
  isAsking: boolean;
  /** when it first gave no answer, since it gave one last */
  goneAt?: number;
  /** MACs of boards that wait for its answer, with when they came to a standstill: the same standstill, whatever the clock is set to */
  readonly waiting: Map<string, number | undefined>;
  /** those that had waited when it answered; `isUsed`: a look has let them pass */
  readonly cleared: Map<string, Cleared>;
  /** MACs of boards that were left alone because of it */
  readonly held: Set<string>;
};

type Cleared = { readonly at: number; readonly haltedAt: number | undefined; isUsed: boolean };

const SECOND = 1_000_000;
/** An answer counts for so long, and for one look at least; one that is gone is asked no more often. */
const ASKED_EVERY = 60 * SECOND;
/** Whose community was changed answers no more either: its boards are helped as others after so long. */
const LONGEST = 3600 * SECOND;

/** The switches of one healer. */
export class GoneSwitches {
  readonly #options: GoneOptions;
  readonly #seen = new Map<string, Seen>();

  constructor(options: GoneOptions) {
    this.#options = options;
  }

  /** Those that are not behind a switch that is gone. Whose switch is being asked waits for a look or two. */
  without(halted: readonly Node[]): readonly Node[] {
    return halted.filter(({ mac }) => {
      const one = this.#options.wiring.switchOf(mac);
      return one === undefined || !this.#holds(mac, one);
    });
  }

  #holds(mac: string, one: NamedSwitch): boolean {
    const now = this.#options.clock();
    const seen = this.#seen.get(one.mac) ?? this.#meet(one);
    if (seen.goneAt === undefined) {
      if (this.#isCleared(seen, mac)) return false;
      seen.waiting.set(mac, this.#options.cases.of(mac).haltedAt);
      if (!seen.isAsking) void this.#ask(one, seen);
      return true;
    }
    if (!seen.isAsking && now - seen.askedAt >= ASKED_EVERY) void this.#ask(one, seen);
    // A clock that was set back tells nothing of how long it has been.
    if (now < seen.goneAt || now - seen.goneAt >= LONGEST) return false;
    if (!seen.held.has(mac)) {
      if (seen.held.size === 0) this.#say(seen);
      seen.held.add(mac);
    }
    return true;
  }

  /** The switch has answered since the board stands still. */
  #isCleared({ cleared }: Seen, mac: string): boolean {
    const { cases, clock } = this.#options;
    const answer = cleared.get(mac);
    if (answer === undefined) return false;
    const isOfNow = answer.haltedAt === cases.of(mac).haltedAt;
    if (isOfNow && (!answer.isUsed || clock() - answer.at < ASKED_EVERY)) {
      answer.isUsed = true;
      return true;
    }
    cleared.delete(mac);
    return false;
  }

  #meet({ mac, name }: NamedSwitch): Seen {
    const sets = { waiting: new Map(), cleared: new Map(), held: new Set<string>() };
    const seen: Seen = { name, askedAt: 0, isAsking: false, ...sets };
    this.#seen.set(mac, seen);
    return seen;
  }

  async #ask(one: NamedSwitch, seen: Seen): Promise<void> {
    const { wiring, clock } = this.#options;
    seen.askedAt = clock();
    seen.isAsking = true;
    const isThere = await wiring.answers(one).catch(() => false);
    seen.isAsking = false;
    if (!isThere) seen.goneAt ??= clock();
    else if (seen.goneAt === undefined) clear(seen, clock());
    else await this.#back(seen);
  }

  /** Boards behind it have their whole time again: they were cut off. */
  async #back(seen: Seen): Promise<void> {
    const { cases, clock, publish } = this.#options;
    delete seen.goneAt;
    seen.waiting.clear();
    const now = clock();
    const held = [...seen.held].filter((mac) => cases.of(mac).tryingSince !== undefined);
    for (const mac of held) await cases.change(mac, (board) => tryingFrom(now, board));
    if (seen.held.size > 0) publish([{ kind: 'healing-held', switch: seen.name, isOver: true }]);
    seen.held.clear();
  }

  #say({ name }: Seen): void {
    this.#options.publish([{ kind: 'healing-held', switch: name, isOver: false }]);
  }
}

function clear({ cleared, waiting }: Seen, at: number): void {
  for (const [mac, haltedAt] of waiting) cleared.set(mac, { at, haltedAt, isUsed: false });
  waiting.clear();
}
