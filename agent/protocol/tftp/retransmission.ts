/**
 * How long to wait for an acknowledgement: follows the round trips measured so far (RFC 6298 §2), unless the client
 * said how long (RFC 2349 §2).
 */

/** What is known of the way to one client and back, in milliseconds. */
export type RoundTrips = {
  readonly smoothed: number;
  readonly variation: number;
  readonly shortest: number;
};

/** Before anything was measured: slow firmware may still be setting itself up. */
const firstWaitMs = 1000;
/** Below this, a busy client would be taken for a lost packet, and a large window sent again. */
const shortestWaitMs = 150;
/**
 * The same where a few blocks would be sent in vain. Where one or four blocks are sent at a time, a kernel and its initrd
 * lose hundreds of packets on a bad line, and each of them costs this much.
 */
const quickWaitMs = 50;
/** Blocks: so many at a time are few. */
const fewBlocks = 8;
/** What is left of these where the client says that it lacks something: less than this is how late a busy one may be. */
const doubtShare = 1 / 3;
/**
 * Longer than a client's own clock. One that begins anew with each block, also with one that the client has (atftp's, 5 s), is over only
 * once nothing has come for so long: sent the block more often, such a client would never say again that it has it.
 */
const longestWaitMs = 6000;
/** Whoever did not answer so many copies is likely to be such a client, and has the longest wait at once. */
const vainAttempts = 5;
/**
 * For the GPU firmware of the Raspberry Pi 4, which counts a block that came twice as two, and then waits for ever for one
 * that it never got (raspberrypi/firmware issue 1631).
 */
const patientWaitMs = 2000;

/** @param ms a round trip that was measured just now */
export function measure(before: RoundTrips | undefined, ms: number): RoundTrips {
  if (!before) return { smoothed: ms, variation: ms / 2, shortest: ms };
  const { smoothed, variation, shortest } = before;
  return {
    variation: 0.75 * variation + 0.25 * Math.abs(smoothed - ms),
    smoothed: 0.875 * smoothed + 0.125 * ms,
    shortest: Math.min(shortest, ms),
  };
}

type Waiting = {
  /** Time-outs since a round trip was measured: the wait is doubled with each. */
  readonly attempt: number;
  /** the client repeated its acknowledgement, as one does that lacks the next block */
  readonly isInDoubt: boolean;
  readonly windowSize: number;
  readonly timeoutMs?: number | undefined;
  /** the client takes a block that came twice for two */
  readonly isPatient?: true | undefined;
};

/** @returns milliseconds to wait after a packet was sent until it is sent again */
export function waitMs(trips: RoundTrips | undefined, waiting: Waiting): number {
  const { attempt, isInDoubt, timeoutMs, isPatient, windowSize } = waiting;
  if (timeoutMs !== undefined && !isInDoubt) return timeoutMs;
  const base = trips ? trips.smoothed + 4 * trips.variation : firstWaitMs;
  const usual = windowSize <= fewBlocks ? quickWaitMs : shortestWaitMs;
  const shortest = isPatient ? patientWaitMs : isInDoubt ? usual * doubtShare : usual;
  const longest = timeoutMs ?? longestWaitMs;
  if (attempt >= vainAttempts) return longest;
  return Math.min(Math.max(base, shortest) * 2 ** attempt, longest);
}
