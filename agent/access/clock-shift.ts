// What somebody got for so long is theirs for so long, whatever becomes of the server's clock.

/** The clock was set. */
export type ClockShift = {
  /** microseconds */
  readonly by: number;
  /** microseconds since 1970, by the clock as it was: what was made since then is of this run of the server */
  readonly since: number;
};

type Times = { readonly created: number; readonly expires: number };

/**
 * Those of this run, with their times by the clock as it is now; what was made after the clock was set has them already.
 * @param now by the clock as it is now
 */
export function shiftedProofs<Proof extends Times>(
  proofs: Iterable<Proof>,
  { by, since }: ClockShift,
  now: number,
): Proof[] {
  return [...proofs]
    .filter(({ created }) => created >= since && created <= now - by)
    .map((proof) => ({ ...proof, created: proof.created + by, expires: proof.expires + by }));
}
