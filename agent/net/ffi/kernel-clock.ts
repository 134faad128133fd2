// Whether the kernel holds the clock for synchronised, asked without a program (host/clock/clock-state.ts asks by one).
import { lasting } from './message-headers.ts';
import type { SystemCalls } from './system-calls.ts';

/** More than `struct timex` is on any processor. */
const ROOM = 512;
/** adjtimex(2): the clock is not synchronised. */
const TIME_ERROR = 5;

/** Nothing is changed: the first field (`modes`) is 0. @returns undefined where the kernel does not tell */
export function isClockRightBy(calls: SystemCalls): boolean | undefined {
  const state = calls.adjustTime(lasting(ROOM));
  return state < 0 ? undefined : state < TIME_ERROR;
}
