// The time, as log lines and boot stages have it.

/** Microseconds since 1970, UTC. */
export type Clock = () => number;

/**
 * The time of this machine when the program began, and what a monotonic clock has counted since. It never goes back; but when
 * somebody sets the system's time later, this clock does not follow.
 */
export const systemClock: Clock = () =>
  Math.round((performance.timeOrigin + performance.now()) * 1000);
