// What waits in memory for somebody who may read slowly, or not at all.

/** First in, first out; where there is no room left the oldest goes, and is counted. */
export class BoundedQueue<Item> {
  readonly #most: number;
  #items: Item[] = [];
  #dropped = 0;
  #wake = () => {};

  /** @param most items that it holds, above 0 */
  constructor(most: number) {
    this.#most = most;
  }

  /** Adds an item, and wakes who waits for one. Where the queue is full, its oldest item is dropped. */
  push(item: Item): void {
    this.#items.push(item);
    if (this.#items.length > this.#most) {
      this.#items.shift();
      this.#dropped += 1;
    }
    this.wake();
  }

  /** Everything that waits, and how many went before it since the last time. */
  take(): { readonly items: readonly Item[]; readonly dropped: number } {
    const taken = { items: this.#items, dropped: this.#dropped };
    this.#items = [];
    this.#dropped = 0;
    return taken;
  }

  /** Resolves when there is something to take, or when `wake` is called. One at a time may wait. */
  async filled(): Promise<void> {
    if (this.#items.length > 0) return;
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
    });
  }

  /** Lets go whoever waits for `filled`. */
  wake(): void {
    this.#wake();
  }
}
