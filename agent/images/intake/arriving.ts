// Images arrive several at a time. Parts of an image on its way look as if no image needed them, so nothing is swept meanwhile, and
// none begins to arrive while something is swept.

/** Who is on the way in, and whether parts are being deleted. */
export class Arriving {
  #count = 0;
  #sweeping: Promise<unknown> | undefined;

  /** Calls `work`, with which an image arrives or is made anew, once nothing is swept. */
  async during<Result>(work: () => Promise<Result>): Promise<Result> {
    while (this.#sweeping !== undefined) await this.#sweeping;
    this.#count += 1;
    try {
      return await work();
    } finally {
      this.#count -= 1;
    }
  }

  /** Calls `sweep`, which deletes parts that no image needs. @returns undefined where an image arrives, and nothing is done */
  async sweepIfNone<Result>(sweep: () => Promise<Result>): Promise<Result | undefined> {
    while (this.#sweeping !== undefined) await this.#sweeping;
    if (this.#count > 0) return undefined;
    const sweeping = sweep();
    const ended = sweeping
      .catch(() => undefined)
      .then(() => {
        this.#sweeping = undefined;
      });
    this.#sweeping = ended;
    return await sweeping;
  }
}
