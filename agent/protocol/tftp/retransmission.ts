/** How long to wait for an acknowledgement: follows the round trips measured so far (RFC 6298 §2). */

export type RoundTrips = {
  /** Milliseconds, smoothed. */
  readonly smoothed: number;
  readonly variation: number;
  readonly shortest: number;
};

/** Before anything was measured: slow firmware may still be setting itself up. */
const firstWaitMs = 1000;
/** Below this, a busy client would be taken for a lost packet. */
const shortestWaitMs = 150;
const longestWaitMs = 4000;
/**
 * For the GPU firmware of the Raspberry Pi 4, which counts a block that came twice as two, and then waits for ever for one
 * that it never got (raspberrypi/firmware issue 1631).
 */
const patientWaitMs = 2000;

export function measure(before: RoundTrips | undefined, ms: number): RoundTrips {
  if (!before) return { smoothed: ms, variation: ms / 2, shortest: ms };
  const { smoothed, variation, shortest } = before;
  return {
    variation: 0.75 * variation + 0.25 * Math.abs(smoothed - ms),
    smoothed: 0.875 * smoothed + 0.125 * ms,
    shortest: Math.min(shortest, ms),
  };
}

/**
 * Milliseconds to wait, doubled with every attempt. `timeoutMs` is what the client asked for (RFC 2349) and
 * bounds the wait from above: a block that comes sooner than asked does no harm, one that comes late does.
 */
export function waitMs(
  trips: RoundTrips | undefined,
  options: {
    readonly attempt: number;
    readonly timeoutMs?: number | undefined;
    /** the client takes a block that came twice for two */
    readonly isPatient?: true | undefined;
  },
): number {
  const base = trips ? trips.smoothed + 4 * trips.variation : firstWaitMs;
  const shortest = options.isPatient ? patientWaitMs : shortestWaitMs;
  const wait = Math.max(base, shortest) * 2 ** options.attempt;
  return Math.min(wait, longestWaitMs, options.timeoutMs ?? longestWaitMs);
}
