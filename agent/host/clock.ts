// The time, as log lines and boot stages have it.

/** Microseconds since 1970, UTC. */
export type Clock = () => number;

export const systemClock: Clock = () =>
  Math.round((performance.timeOrigin + performance.now()) * 1000);
