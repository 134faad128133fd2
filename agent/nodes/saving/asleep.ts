// Nodes that the server has switched off to save power: on disk, so that the next start still knows which it is to wake.
import type { PowerRecords } from '../../store/records/power.ts';

type Records = Pick<PowerRecords, 'asleep' | 'saveAsleep'>;

/** Which nodes are switched off, and since when. */
export class Asleep {
  readonly #records: Records;
  readonly #since = new Map<string, number>();

  constructor(records: Records) {
    this.#records = records;
  }

  /** Reads what an earlier run of the server has switched off. */
  async load(): Promise<void> {
    for (const { mac, since } of await this.#records.asleep()) this.#since.set(mac, since);
  }

  has = (mac: string): boolean => this.#since.has(mac);

  /** @param since microseconds since 1970. On disk when the promise resolves */
  async add(mac: string, since: number): Promise<void> {
    const before = this.#since.get(mac);
    this.#since.set(mac, since);
    try {
      await this.#records.saveAsleep({ mac, since });
    } catch (reason) {
      // Then its power does not go.
      if (before === undefined) this.#since.delete(mac);
      throw reason;
    }
  }

  /** It is not, any more. On disk when the promise resolves. */
  async remove(mac: string): Promise<void> {
    if (this.#since.delete(mac)) await this.#records.saveAsleep({ mac, since: null });
  }
}
