// What one follower of the events waits for.

/** Wakes one follower: also where it rang before they listened. */
export class Bell {
  #isRung = false;
  #wake = () => {};

  /** @param signal ringing too, once */
  constructor(signal: AbortSignal) {
    signal.addEventListener('abort', () => this.ring(), { once: true });
  }

  /** Wakes who waits, or who waits next. */
  ring = (): void => {
    this.#isRung = true;
    this.#wake();
  };

  /** @returns false where nothing rang in that time */
  async rung(ms: number): Promise<boolean> {
    if (!this.#isRung) {
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#wake = resolve;
      const timer = setTimeout(resolve, ms);
      await promise;
      clearTimeout(timer);
    }
    const isRung = this.#isRung;
    this.#isRung = false;
    return isRung;
  }
}
