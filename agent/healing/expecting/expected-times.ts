// How long the legs of a boot take that goes well, learnt from the last good boots of the same model and image. Nothing is
// kept but these boots: a server that starts again knows the same. All times are microseconds.
import { LEG_NAMES, type Leg, type LegTimes } from './legs.ts';

/** What is expected of one leg. */
export type Expected = {
  /** the median of the good boots */
  readonly median: number;
  /** longer than this, and the boot has stopped */
  readonly limit: number;
  /** of how many boots */
  readonly count: number;
};
/** Of legs of which too little is known there is nothing. */
export type ExpectedTimes = Readonly<Partial<Record<Leg, Expected>>>;

/** Good boots that are looked at, the last ones. */
export const LEARNT_FROM = 20;
/** Of fewer boots nothing is learnt. */
const LEAST = 3;
const SECOND = 1_000_000;

/** No limit is shorter, however regular the boots were: a lost packet, a switch with spanning tree, a busy server. */
const FLOORS: Readonly<Record<Leg, number>> = {
  'first-file': 30 * SECOND,
  'next-file': 20 * SECOND,
  mount: 30 * SECOND,
  system: 45 * SECOND,
};
/** Of the median: what a busy hour may cost. */
const SLACK = 1.5;
/** The median of distances from the median, times this, is the standard deviation of what is spread normally. */
const DEVIATION_OF_MAD = 1.4826;
const DEVIATIONS = 6;

/** limit = max(floor, 1.5 · median + 6 · 1.4826 · MAD): one or a few odd boots among twenty move neither. */
export function expectedTimes(boots: readonly LegTimes[]): ExpectedTimes {
  const entries = LEG_NAMES.flatMap((leg) => {
    const times = boots.map((boot) => boot[leg]).filter((time) => time !== undefined);
    return times.length < LEAST ? [] : [[leg, expectedOf(leg, times)] as const];
  });
  return Object.fromEntries(entries);
}

function expectedOf(leg: Leg, times: readonly number[]): Expected {
  const median = medianOf(times);
  const mad = medianOf(times.map((time) => Math.abs(time - median)));
  const learnt = SLACK * median + DEVIATIONS * DEVIATION_OF_MAD * mad;
  return { median, limit: Math.round(Math.max(FLOORS[leg], learnt)), count: times.length };
}

function medianOf(values: readonly number[]): number {
  const sorted = values.toSorted((left, right) => left - right);
  const low = sorted[Math.floor((sorted.length - 1) / 2)] ?? 0;
  const high = sorted[Math.floor(sorted.length / 2)] ?? 0;
  return (low + high) / 2;
}
