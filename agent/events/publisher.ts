// The one way in which the parts of the server tell each other what happened. Whoever wants to know adds a reaction;
// a reaction that fails disturbs no other one, and nobody who publishes.
import type { Clock } from '../host/clock/clock.ts';
import type { EventOf, ServerEvent } from './event.ts';

/** Tells what happened; never throws. */
export type Publish = (events: readonly ServerEvent[]) => void;

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

type Options = {
  readonly clock: Clock;
  /** told of a reaction that failed to handle even a problem: nobody else could be told */
  readonly onFailure: (message: string) => void;
};

/** Gives each event to the reactions to its kind, one event after the other, in the order they were published. */
export class Publisher {
  readonly #options: Options;
  readonly #reactions = new Map<ServerEvent['kind'], Reaction[]>();
  #waiting: { readonly event: ServerEvent; readonly at: number }[] = [];
  #isGiving = false;
  #isOfTrial: (event: ServerEvent) => boolean = () => false;

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
    const at = events.length === 0 ? 0 : this.#options.clock();
    for (const event of events) this.#waiting.push({ event, at });
    if (this.#isGiving) return;
    this.#isGiving = true;
    // What comes meanwhile is appended to the list, and the loop comes to it.
    for (const { event: next, at: when } of this.#waiting) {
      const isOfTrial = this.#isOfTrial(next);
      for (const reaction of this.#reactions.get(next.kind) ?? []) {
        if (!isOfTrial || reaction.hearsTrials) this.#give(reaction, next, when);
      }
    }
    this.#waiting = [];
    this.#isGiving = false;
  };

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
    const text = reason instanceof Error ? reason.message : String(reason);
    if (event.kind === 'problem') {
      this.#options.onFailure(`${name}: ${text}`);
      return;
    }
    this.publish([{ kind: 'problem', source: name, message: `event ${event.kind}: ${text}` }]);
  }
}
