/**
 * Parts of files take turns: so many are handed to the kernel in one turn of the event loop, and then sockets are looked at again. When a
 * rack loads its kernels, a thousand parts could leave at any moment, which takes a tenth of a second; and of each server Node accepts
 * one connection a turn, and reads some dozens of datagrams, so that the next boards would get no address and no connection.
 */

/** Each takes some 0.1 ms of the kernel, so that a turn is one of milliseconds. */
const MOST_A_TURN = 16;

/** Who waits for its turn, in the order in which they came. */
export class SendTurns {
  #waiting: (() => void)[] = [];

  /** Resolves when it is the turn of who called. */
  take(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    if (this.#waiting.length === 0) setImmediate(this.#next);
    this.#waiting.push(resolve);
    return promise;
  }

  readonly #next = (): void => {
    const now = this.#waiting.slice(0, MOST_A_TURN);
    this.#waiting = this.#waiting.slice(MOST_A_TURN);
    if (this.#waiting.length > 0) setImmediate(this.#next);
    for (const begin of now) begin();
  };
}
