// Machines that the server has turned off to turn them on again: on disk, so that the next start does the rest.
import type { PowerRecords } from '../store/store.ts';

type Options = {
  readonly records: Pick<PowerRecords, 'cycling' | 'saveCycling'>;
  /** microseconds since 1970 */
  readonly clock: () => number;
};

/** Cycles that have begun and not ended, by MAC. */
export class Cycles {
  readonly #options: Options;
  readonly #begun = new Set<string>();

  constructor(options: Options) {
    this.#options = options;
  }

  /** Reads what an earlier run of the server has begun. */
  async load(): Promise<void> {
    for (const { mac } of await this.#options.records.cycling()) this.#begun.add(mac);
  }

  /** Those that nobody has ended. */
  left(): string[] {
    return [...this.#begun];
  }

  /** Power is about to go. On disk when the promise resolves. */
  async begin(mac: string): Promise<void> {
    this.#begun.add(mac);
    const { records, clock } = this.#options;
    await records.saveCycling({ mac, since: clock() });
  }

  /** Power is back, or is not ours to give. On disk when the promise resolves. */
  async end(mac: string): Promise<void> {
    if (!this.#begun.delete(mac)) return;
    await this.#options.records.saveCycling({ mac, since: null });
  }
}
