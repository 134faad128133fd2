// How far work for many nodes is, now and then.

/** Fewer nodes than this are soon done. */
const MANY = 5;
const EVERY_MS = 5000;

/** Says how many of all are done, each few seconds. */
export class Progress {
  readonly #total: number;
  readonly #note: (text: string) => void;
  readonly #clock: () => number;
  #done = 0;
  #said: number;

  /** @param options clock: milliseconds of a steady clock */
  constructor(
    total: number,
    {
      note,
      clock = () => performance.now(),
    }: { note: (text: string) => void; clock?: () => number },
  ) {
    this.#total = total;
    this.#note = note;
    this.#clock = clock;
    this.#said = clock();
  }

  /** One more is done. */
  step(): void {
    this.#done += 1;
    const now = this.#clock();
    if (this.#total < MANY || this.#done === this.#total || now - this.#said < EVERY_MS) return;
    this.#said = now;
    this.#note(`${this.#done} of ${this.#total} nodes are done; the others wait for their turn…`);
  }
}
