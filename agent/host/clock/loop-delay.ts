// How long the server is busy in one go: meanwhile it answers nobody.
import { monitorEventLoopDelay } from 'node:perf_hooks';

/** Each look wakes the server; what is shorter than this may go unseen. */
const EVERY_MS = 50;
const NANOSECONDS = 1e9;

/** @returns the longest time since the last look, in seconds; and what ends the looking */
export function watchLoop(): { readonly longest: () => number; readonly stop: () => void } {
  const delay = monitorEventLoopDelay({ resolution: EVERY_MS });
  delay.enable();
  return {
    longest: () => {
      const seconds = delay.max / NANOSECONDS;
      delay.reset();
      return seconds;
    },
    stop: () => void delay.disable(),
  };
}
