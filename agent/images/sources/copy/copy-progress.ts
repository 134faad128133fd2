// How far a copy is, told in tenths; what takes no time is not told.
import type { Descriptor } from '../../content/blobs.ts';
import type { Progress } from '../../content/progress.ts';

const QUIET_MS = 500;
const STEP = 10;

/** Counts the bytes of one copy. */
export class CopyProgress {
  readonly #total: number;
  readonly #progress: Progress;
  readonly #began = performance.now();
  #done = 0;
  #told = 0;

  /** @param parts each digest counts once */
  constructor(parts: readonly Descriptor[], progress: Progress) {
    const sizes = new Map(parts.map(({ digest, size }) => [digest, size]));
    this.#total = [...sizes.values()].reduce((sum, size) => sum + size, 0);
    this.#progress = progress;
  }

  /** @param count of bytes more; fewer, where a part begins anew */
  add(count: number): void {
    this.#done += count;
    const share = this.#total === 0 ? 0 : Math.floor((this.#done / this.#total) * 100);
    if (share < this.#told + STEP || performance.now() - this.#began < QUIET_MS) return;
    this.#told = share - (share % STEP);
    this.#progress(`fetched ${this.#told} % of ${Math.ceil(this.#total / 1e6)} MB`);
  }
}
