// What a power driver is: the ways to switch the power of a machine all look like this.

import { WaltError } from '../errors.ts';

/** What switches the power has refused an order, or was never given it: the power is as it was. */
export class PowerRefused extends WaltError {
  override name = 'PowerRefused' as const;
}

/** What can be asked of a driver. */
export const POWER_VERBS = ['on', 'off', 'cycle', 'status'] as const;
/** One of `POWER_VERBS`. */
export type PowerVerb = (typeof POWER_VERBS)[number];

/** How the power of a machine stands; `unknown` where nothing can tell. */
export const POWER_STATES = ['on', 'off', 'unknown'] as const;
/** One of `POWER_STATES`. */
export type PowerState = (typeof POWER_STATES)[number];

/** The machine that is meant. */
export type PowerTarget = {
  readonly name: string;
  /** `aa:bb:cc:dd:ee:ff` */
  readonly mac: string;
  /** dotted IPv4 */
  readonly ip: string;
  /** setting `power.argument` */
  readonly words: readonly string[];
};

/** Switches power. Each verb throws {WaltError} with the reason, for a person, where it could not be done. */
export type PowerDriver = {
  /** it has what it needs to switch the power of machines */
  readonly canSwitch: boolean;
  readonly on: (target: PowerTarget) => Promise<void>;
  readonly off: (target: PowerTarget) => Promise<void>;
  /** off, and on again */
  readonly cycle: (target: PowerTarget) => Promise<void>;
  readonly status: (target: PowerTarget) => Promise<PowerState>;
};
