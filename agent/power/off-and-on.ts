// The verb `cycle` of drivers that know `off` and `on` alone.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Cycles } from './cycles.ts';
import { type PowerDriver, PowerRefused, type PowerTarget } from './driver.ts';

/** A machine without power for so long has lost all that it had in its capacitors. */
export const OFF_MS = 4000;

/** What a cycle of two requests needs. */
export type TwoSteps = {
  readonly cycles: Pick<Cycles, 'begin' | 'end'>;
  /** how long a cycle leaves the power away, in milliseconds */
  readonly offMs?: number;
};

/** What can ask for `off` and `on`. */
type Asks = Omit<PowerDriver, 'cycle'> & {
  /** @throws {WaltError} where neither could be asked for, by what is known of the machine: then no cycle begins */
  readonly check: (target: PowerTarget) => Promise<void>;
};

/** What is between the two requests is on disk: a server that ends there gives the power back when it starts. */
export function withCycle(
  { check, ...driver }: Asks,
  { cycles, offMs = OFF_MS }: TwoSteps,
): PowerDriver {
  const on: PowerDriver['on'] = async (target) => {
    await driver.on(target);
    await cycles.end(target.mac);
  };
  return {
    ...driver,
    on,
    // Off is what somebody wants from now on.
    off: async (target) => {
      await driver.off(target);
      await cycles.end(target.mac);
    },
    cycle: async (target) => {
      await check(target);
      await cycles.begin(target.mac);
      // A request that fails may have been obeyed all the same, unless it was refused.
      const failure = await driver.off(target).catch((reason: unknown) => reason);
      if (failure instanceof PowerRefused) {
        await cycles.end(target.mac);
        throw failure;
      }
      if (failure === undefined) await sleep(offMs);
      await on(target);
      if (failure !== undefined) throw failure;
    },
  };
}
