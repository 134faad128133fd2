// What is counted of the boots of a board, for as long as it is known: the one bad board of a hundred is found by it.
import type { FaultKind } from './faults.ts';

/** Counted since the device is known, or since a version that counts. */
export type BootCounts = {
  /** that came up */
  readonly boots: number;
  /** boots that did not, by where they stopped */
  readonly failures: Readonly<Partial<Record<FaultKind, number>>>;
  /** microseconds that its longest boot took */
  readonly longest: number;
  /** how often it was up again after it was helped */
  readonly healed: number;
};

/** Nothing is counted yet. */
export const NO_COUNTS: BootCounts = { boots: 0, failures: {}, longest: 0, healed: 0 };

/** One more boot that did not come up. */
export function withFailure(counts: BootCounts, kind: FaultKind): BootCounts {
  const failures = { ...counts.failures, [kind]: (counts.failures[kind] ?? 0) + 1 };
  return { ...counts, failures };
}

/** One more boot that came up. @param took microseconds; undefined where nobody saw it begin */
export function withBoot(counts: BootCounts, took: number | undefined, isHealed: boolean) {
  const longest = Math.max(counts.longest, took ?? 0);
  const healed = counts.healed + (isHealed ? 1 : 0);
  return { ...counts, boots: counts.boots + 1, longest, healed };
}

/** The part of the boots that came up, 0 to 1; undefined where there was none. */
export function reliabilityOf({ boots, failures }: BootCounts): number | undefined {
  const failed = Object.values(failures).reduce((sum, count) => sum + count, 0);
  return boots + failed === 0 ? undefined : boots / (boots + failed);
}
