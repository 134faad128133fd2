// Says at most once in a while what would otherwise be said with every packet, and how often it was so meanwhile.

export class Complaint {
  readonly #everyMs: number;
  #last = Number.NEGATIVE_INFINITY;
  #kept = 0;

  constructor(everyMs: number) {
    this.#everyMs = everyMs;
  }

  /** @returns how often it was asked since it last allowed one, or undefined where it is too early */
  allows(nowMs: number): number | undefined {
    if (nowMs - this.#last < this.#everyMs) {
      this.#kept += 1;
      return undefined;
    }
    const kept = this.#kept;
    this.#last = nowMs;
    this.#kept = 0;
    return kept;
  }
}
