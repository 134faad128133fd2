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
  /** MACs of boards that were left alone because of it */
  readonly held: Set<string>;
};

const SECOND = 1_000_000;
/** A switch is asked no more often than this. */
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
    if (!seen.isAsking && now - seen.askedAt >= ASKED_EVERY) void this.#ask(one, seen);
    const isUnsure = seen.isAsking && seen.goneAt === undefined;
    const isGone = seen.goneAt !== undefined && now - seen.goneAt < LONGEST;
    if (isGone && !seen.held.has(mac)) {
      if (seen.held.size === 0) this.#say(seen);
      seen.held.add(mac);
    }
    return isUnsure || isGone;
  }

  #meet({ mac, name }: NamedSwitch): Seen {
    const seen: Seen = { name, askedAt: -ASKED_EVERY, isAsking: false, held: new Set() };
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
    else if (seen.goneAt !== undefined) await this.#back(seen);
  }

  /** Boards behind it have their whole time again: they were cut off. */
  async #back(seen: Seen): Promise<void> {
    const { cases, clock, publish } = this.#options;
    delete seen.goneAt;
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
