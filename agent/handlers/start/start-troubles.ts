// Why nodes do not start, for the log: a node that tries every ten seconds says the same thing once.

/** Milliseconds after which the same trouble of the same node is said again. */
const QUIET_MS = 30 * 60_000;

/** By MAC, the trouble that was logged last, and when. */
export class StartTroubles {
  readonly #now: () => number;
  readonly #said = new Map<string, { readonly text: string; readonly at: number }>();

  /** @param now milliseconds of a steady clock */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** Whether this deserves a line. Only devices that are known come here, so that the memory is bounded. */
  isDue(mac: string, text: string): boolean {
    const before = this.#said.get(mac);
    if (before?.text === text && this.#now() - before.at < QUIET_MS) return false;
    this.#said.set(mac, { text, at: this.#now() });
    return true;
  }

  /** The node starts: should it fail again, that is news. */
  forget(mac: string): void {
    this.#said.delete(mac);
  }
}
