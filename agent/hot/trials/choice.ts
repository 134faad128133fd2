// Whether this is a moment for the server to boot an image for itself, and which one. Pure.

/** An image whose nodes are to get a pack. */
export type Candidate = {
  readonly image: string;
  /** of its root */
  readonly key: string;
  readonly hasPack: boolean;
  /** a node that runs from it, or boots it, reads of it: nobody could tell what a boot reads */
  readonly isInUse: boolean;
};

/** How the server's machine stands. */
export type Moment = {
  /** a node is between its first question and being up */
  readonly isBooting: boolean;
  /** memory that is free, or could be at once, bytes */
  readonly freeBytes: number;
  /** processes that run or wait for a processor, mean of a minute, divided by the number of processors */
  readonly load: number;
};

/** Value of `images.hotPackTrials`; `always`: whatever the load. */
export type When = 'idle' | 'always' | 'never';

/** The machine that boots has less than half of it. */
const LEAST_FREE_BYTES = 2 * 2 ** 30;
const MOST_LOAD = 0.5;

/** Whether nothing else needs the server's machine now. */
export function isRightMoment({ isBooting, freeBytes, load }: Moment, when: When): boolean {
  if (when === 'never' || isBooting || freeBytes < LEAST_FREE_BYTES) return false;
  return when === 'always' || load <= MOST_LOAD;
}

/** @returns the first that has no pack, and that nobody uses */
export function nextTrial(candidates: readonly Candidate[]): Candidate | undefined {
  return candidates.find(({ hasPack, isInUse }) => !hasPack && !isInUse);
}
