// Work of which only some is under way at once, whoever asks for it.

/** So many may work at the same time; others wait in the order in which they came. */
export class Slots {
  readonly #most: number;
  #taken = 0;
  readonly #waiting: (() => void)[] = [];

  constructor(most: number) {
    this.#most = most;
  }

  /** Does some work when there is a slot for it. */
  async use<Result>(work: () => Promise<Result>): Promise<Result> {
    if (this.#taken >= this.#most) await new Promise<void>((go) => this.#waiting.push(go));
    else this.#taken += 1;
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#taken -= 1;
      else next();
    }
  }
}
