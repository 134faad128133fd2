// Which nodes were told lately to start from their own disk. One that asks again at once was led back here: what it started was
// the stick that it came from.

/** A stick needs less from its first sector to its question; a person who reboots the system of the disk needs longer. */
const LED_BACK_MS = 180_000;

/** By MAC, the last answer. Only nodes that are told so come here, so that the memory is bounded. */
export class LocalStarts {
  readonly #now: () => number;
  readonly #last = new Map<string, { readonly tries: number; readonly at: number }>();

  /** @param now milliseconds of a steady clock */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** A node is answered. @returns how often it was led back since it was first told; stays so once its disk starts */
  take(mac: string): number {
    const at = this.#now();
    const before = this.#last.get(mac);
    const isBack = before !== undefined && at - before.at < LED_BACK_MS;
    const tries = (before?.tries ?? 0) + (isBack ? 1 : 0);
    this.#last.set(mac, { tries, at });
    return tries;
  }
}
