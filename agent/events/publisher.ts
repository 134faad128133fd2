// The one way in which the parts of the server tell each other what happened. Whoever wants to know adds a reaction;
// a reaction that fails disturbs no other one, and nobody who publishes.
import type { Clock } from '../host/clock/clock.ts';
import type { EventOf, ServerEvent } from './event.ts';

/** Tells what happened; never throws. */
export type Publish = (events: readonly ServerEvent[]) => void;

/** Tells later what happened; `make` says what it was. */
export type PublishSoon = (make: () => readonly ServerEvent[]) => void;

/** What is done when something has happened. @param at when it was published, microseconds since 1970 */
export type React<Kind extends ServerEvent['kind']> = (
  event: EventOf<Kind>,
  at: number,
) => Promise<void> | void;

type Reaction = {
  readonly name: string;
  readonly react: React<ServerEvent['kind']>;
  readonly hearsTrials: boolean;
};

/** Of a reaction. `hearsTrials`: it is told of machines, too, that the server boots for itself, and nobody else knows. */
type How = { readonly hearsTrials?: boolean };

type Published = { readonly event: ServerEvent; readonly at: number };

/** What is not urgent is told when for so long nothing has come that is not either ... */
const QUIET_MS = 3;
/** ... and in any case after so long. */
const LATEST_MS = 250;
/** So much of it in one turn of the event loop, in milliseconds. */
const TELLING_MS = 0.5;
/** So much may wait, as of all machines of a large rack. Who brings more tells as much of it: else a flood that goes on takes all memory. */
const MOST_UNHURRIED = 16_384;
/** What has been told leaves the list so many at a time. */
const TOLD_AT_ONCE = 1024;

type Unhurried = {
  readonly make: () => readonly ServerEvent[];
  readonly at: number;
  /** milliseconds of a steady clock */
  readonly since: number;
};

type Options = {
  readonly clock: Clock;
  /** told of a reaction that failed to handle even a problem: nobody else could be told */
  readonly onFailure: (message: string) => void;
};

/** Gives each event to the reactions to its kind, one event after the other, in the order they were published. */
export class Publisher {
  readonly #options: Options;
  readonly #reactions = new Map<ServerEvent['kind'], Reaction[]>();
  #waiting: Published[] = [];
  #isGiving = false;
  #isOfTrial: (event: ServerEvent) => boolean = () => false;
  /** published soon, and not told yet */
  #unhurried: Unhurried[] = [];
  /** of those, how many have been told */
  #begun = 0;
  #isTellingSoon = false;

  constructor(options: Options) {
    this.#options = options;
  }

  /** @param isOfTrial whether an event is about a machine that the server boots for itself: few reactions are told of it */
  conceal(isOfTrial: (event: ServerEvent) => boolean): void {
    this.#isOfTrial = isOfTrial;
  }

  /**
   * Adds a reaction behind those that are there.
   * @param name of the reaction: the source of the problem that is published if it fails
   * @returns takes it away again
   */
  on<Kind extends ServerEvent['kind']>(
    name: string,
    kinds: readonly Kind[],
    react: React<Kind>,
    { hearsTrials = false }: How = {},
  ): () => void {
    const reaction = { name, react: react as unknown as Reaction['react'], hearsTrials };
    for (const kind of kinds) {
      this.#reactions.set(kind, [...(this.#reactions.get(kind) ?? []), reaction]);
    }
    return () => {
      for (const kind of kinds) {
        const others = this.#reactions.get(kind)?.filter((each) => each !== reaction);
        this.#reactions.set(kind, others ?? []);
      }
    };
  }

  /** What a reaction publishes comes behind what is being told. */
  publish: Publish = (events) => {
    if (events.length === 0) return;
    this.#takeUnhurried();
    const at = this.#options.clock();
    for (const event of events) this.#waiting.push({ event, at });
    this.#tell();
  };

  /**
   * As `publish`, for what thousands of machines make happen at once: it is told when they have all been answered, a little in
   * each turn of the event loop, or a quarter of a second later. In any case it is told before what is published behind it. Where too
   * much waits the oldest of it is told at once.
   */
  publishSoon: PublishSoon = (make) => {
    if (!this.#isTellingSoon) setTimeout(this.#tellSome, QUIET_MS);
    this.#isTellingSoon = true;
    const at = this.#options.clock();
    this.#unhurried.push({ make, at, since: performance.now() });
    if (this.#unhurried.length - this.#begun <= MOST_UNHURRIED) return;
    this.#takeUnhurried(this.#begun + 1);
    this.#tell();
  };

  /** Tells what is left of that. */
  tellAll(): void {
    this.#takeUnhurried();
    this.#tell();
  }

  readonly #tellSome = (): void => {
    const now = performance.now();
    const oldest = this.#unhurried[this.#begun]?.since ?? now;
    const newest = this.#unhurried.at(-1)?.since ?? now;
    if (now - newest < QUIET_MS && now - oldest < LATEST_MS) {
      this.#isTellingSoon = this.#unhurried.length > 0;
      if (this.#isTellingSoon) setTimeout(this.#tellSome, QUIET_MS);
      return;
    }
    const until = now + TELLING_MS;
    while (this.#unhurried.length > 0 && performance.now() < until) {
      this.#takeUnhurried(this.#begun + 1);
      this.#tell();
    }
    this.#isTellingSoon = this.#unhurried.length > 0;
    if (this.#isTellingSoon) setImmediate(this.#tellSome);
  };

  /** @param end number of the first that goes on waiting */
  #takeUnhurried(end = this.#unhurried.length): void {
    for (; this.#begun < end; this.#begun += 1) {
      const next = this.#unhurried[this.#begun];
      if (next === undefined) continue;
      const { make, at } = next;
      for (const event of made(make)) this.#waiting.push({ event, at });
    }
    if (this.#begun < Math.min(TOLD_AT_ONCE, this.#unhurried.length)) return;
    this.#unhurried = this.#unhurried.slice(this.#begun);
    this.#begun = 0;
  }

  #tell(): void {
    if (this.#isGiving) return;
    this.#isGiving = true;
    // What comes meanwhile is appended to the list, and the loop comes to it. By number: what an iterator makes for each is garbage.
    for (let number = 0; number < this.#waiting.length; number += 1) {
      const next = this.#waiting[number];
      if (next !== undefined) this.#giveAll(next);
    }
    this.#waiting = [];
    this.#isGiving = false;
  }

  #giveAll({ event, at }: Published): void {
    const reactions = this.#reactions.get(event.kind);
    if (reactions === undefined) return;
    const isOfTrial = this.#isOfTrial(event);
    for (let number = 0; number < reactions.length; number += 1) {
      const reaction = reactions[number];
      if (reaction === undefined || (isOfTrial && !reaction.hearsTrials)) continue;
      this.#give(reaction, event, at);
    }
  }

  #give({ name, react }: Reaction, event: ServerEvent, at: number): void {
    try {
      const done = react(event, at);
      done?.catch((reason: unknown) => this.#failed(name, { event, reason }));
    } catch (reason) {
      this.#failed(name, { event, reason });
    }
  }

  /** The problem of a reaction to problems goes elsewhere: it would come back to it without end. */
  #failed(name: string, { event, reason }: { event: ServerEvent; reason: unknown }): void {
    const text = textOf(reason);
    if (event.kind === 'problem') {
      this.#options.onFailure(`${name}: ${text}`);
      return;
    }
    this.publish([{ kind: 'problem', source: name, message: `event ${event.kind}: ${text}` }]);
  }
}

/** A timer calls it: what it throws would end the process. */
function made(make: () => readonly ServerEvent[]): readonly ServerEvent[] {
  try {
    return make();
  } catch (reason) {
    return [{ kind: 'problem', source: 'events', message: textOf(reason) }];
  }
}

function textOf(reason: unknown): string {
  return reason instanceof Error ? reason.message : String(reason);
}
