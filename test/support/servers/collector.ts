/** Collects what a server reports, and waits for it. */
import { setTimeout as sleep } from 'node:timers/promises';

export class Collector<T> {
  readonly all: T[] = [];
  readonly add = (report: T): void => void this.all.push(report);

  /** All reports, once there are `count`; fails with what came after `seconds`. */
  async wait(count: number, seconds = 20): Promise<readonly T[]> {
    for (let round = 0; round < seconds * 100; round++) {
      if (this.all.length >= count) return this.all;
      await sleep(10);
    }
    throw new Error(`Awaited ${count} reports, got ${JSON.stringify(this.all)}`);
  }
}
