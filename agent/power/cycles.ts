// Machines that the server has turned off to turn them on again: on disk, so that the next start does the rest.
import type { PowerRecords } from '../store/records/power.ts';
import { PowerRefused } from './driver.ts';

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
    const isFirst = !this.#begun.has(mac);
    this.#begun.add(mac);
    const { records, clock } = this.#options;
    try {
      await records.saveCycling({ mac, since: clock() });
    } catch (reason) {
      // Then no power goes: whoever began it ends here.
      if (isFirst) this.#begun.delete(mac);
      throw reason;
    }
  }

  /** Power is back, or is not ours to give. On disk when the promise resolves. */
  async end(mac: string): Promise<void> {
    if (!this.#begun.delete(mac)) return;
    await this.#options.records.saveCycling({ mac, since: null });
  }
}

/**
 * A cycle that is one order to what switches the power: on disk until it is done, since what took the order may fail in the middle.
 * @param steps.order throws {PowerRefused} where it was certainly not obeyed
 * @param steps.prove resolves when the power is back
 */
export async function cycleByOneOrder(
  mac: string,
  cycles: Pick<Cycles, 'begin' | 'end'>,
  { order, prove }: { readonly order: () => Promise<void>; readonly prove?: () => Promise<void> },
): Promise<void> {
  await cycles.begin(mac);
  await order().catch(async (reason: unknown) => {
    if (reason instanceof PowerRefused) await cycles.end(mac);
    throw reason;
  });
  await prove?.();
  await cycles.end(mac);
}
