// How long the server is busy in one go: meanwhile it answers nobody.
import { monitorEventLoopDelay } from 'node:perf_hooks';

/** Each look at the clock wakes the server; what is shorter than this may go unseen. */
const EVERY_MS = 50;
/** Where nobody has asked for so long, an idle server is not woken for it. Prometheus asks each minute, or more often. */
const UNASKED_MS = 300_000;
const NANOSECONDS = 1e9;

/**
 * Looks from the first question on, for as long as somebody goes on to ask.
 * @returns the longest time since the last question, in seconds, and 0 where nobody looked; and what ends the looking
 */
export function watchLoop(unaskedMs: number = UNASKED_MS): {
  readonly longest: () => number;
  readonly stop: () => void;
} {
  const delay = monitorEventLoopDelay({ resolution: EVERY_MS });
  let rest: NodeJS.Timeout | undefined;
  const stop = () => {
    clearTimeout(rest);
    rest = undefined;
    delay.disable();
  };
  return {
    longest: () => {
      const seconds = rest === undefined ? 0 : delay.max / NANOSECONDS;
      clearTimeout(rest);
      rest = setTimeout(stop, unaskedMs).unref();
      delay.enable();
      delay.reset();
      return seconds;
    },
    stop,
  };
}
