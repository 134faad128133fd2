// A list of nodes that was asked for, and what was told before the answer came: the answer may be older than that. Pure.
import type { LiveEvent } from '../../server/live.ts';
import { withEvents } from './node-changes.ts';
import type { NodeView } from './node-view.ts';

/** Answers may come in another order than they were asked for. */
export class AskedList {
  #asked = 0;
  #answered = 0;
  /** told since the last question; undefined where none waits for its answer */
  #told: LiveEvent[] | undefined;

  /** @returns number of the question */
  ask(): number {
    this.#told = [];
    this.#asked += 1;
    return this.#asked;
  }

  /** These events were told. */
  tell(events: readonly LiveEvent[]): void {
    this.#told?.push(...events);
  }

  /** @returns the list as it is now; undefined where a later question has been answered, or nobody wants it any more */
  answer(question: number, nodes: readonly NodeView[]): readonly NodeView[] | undefined {
    if (question <= this.#answered) return undefined;
    this.#answered = question;
    const told = this.#told ?? [];
    if (question === this.#asked) this.#told = undefined;
    return withEvents(nodes, told).nodes;
  }

  /** No answer comes to this one. */
  fail(question: number): void {
    if (question === this.#asked) this.#told = undefined;
  }

  /** Nobody wants what was asked for. */
  drop(): void {
    this.#answered = this.#asked;
    this.#told = undefined;
  }
}
