// Work that would load the server if all of it were done at once, as starting virtual machines: done one after the other.

/** Gives turns, in the order in which they are asked for. */
export class Turns {
  readonly #pause: () => Promise<void>;
  #last: Promise<void> = Promise.resolve();

  /** @param pause between the end of a turn and the next one */
  constructor(pause: () => Promise<void>) {
    this.#pause = pause;
  }

  /** Does the work when it is its turn. @returns what it returned. @throws what it threw: the next turn comes all the same */
  take<Result>(work: () => Promise<Result>): Promise<Result> {
    const turn = this.#last.then(work);
    this.#last = turn.then(this.#pause, this.#pause);
    return turn;
  }
}
