// The verb `cycle` of drivers that know `off` and `on` alone.
import { setTimeout as sleep } from 'node:timers/promises';
import type { PowerDriver } from './driver.ts';

/** A machine without power for so long has lost all that it had in its capacitors. */
export const OFF_MS = 4000;

/** @param offMs how long the power stays away */
export function withCycle(driver: Omit<PowerDriver, 'cycle'>, offMs = OFF_MS): PowerDriver {
  return {
    ...driver,
    cycle: async (target) => {
      await driver.off(target);
      await sleep(offMs);
      await driver.on(target);
    },
  };
}
