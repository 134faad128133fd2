// When what has failed is tried again: later and later, so that what is broken is not asked for ever.

const FIRST = 30_000_000;
const LONGEST = 30 * 60_000_000;

/** What has failed, by a key. Times are microseconds since 1970. */
export class Retries {
  readonly #failed = new Map<string, { readonly next: number; readonly wait: number }>();

  /** Whether it may be tried now. */
  isDue(key: string, now: number): boolean {
    const failed = this.#failed.get(key);
    // A clock that was set back makes nobody wait.
    return failed === undefined || now >= failed.next || failed.next - now > LONGEST;
  }

  /** Only these are still to be done: of others it is not remembered that they failed once. */
  keepOnly(keys: Iterable<string>): void {
    const kept = new Set(keys);
    for (const key of this.#failed.keys()) if (!kept.has(key)) this.#failed.delete(key);
  }

  /** It was tried. */
  note(key: string, { at, isDone }: { readonly at: number; readonly isDone: boolean }): void {
    const wait = Math.min(LONGEST, 2 * (this.#failed.get(key)?.wait ?? FIRST / 2));
    if (isDone) this.#failed.delete(key);
    else this.#failed.set(key, { next: at + wait, wait });
  }
}
