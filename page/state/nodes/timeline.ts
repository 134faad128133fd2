// The legs of a boot against what is usual, also of the one that it is on. Pure; all times are microseconds.
import type { Reply } from '../../server/client.ts';

type Shown = Pick<Reply<'nodes.show'>, 'legs' | 'expected' | 'stages'>;
type State = Reply<'nodes.show'>['node']['state'];

/** In the order of a boot. */
export const LEGS = ['first-file', 'next-file', 'mount', 'system'] as const;
/** One of `LEGS`. */
export type LegName = (typeof LEGS)[number];

/** One leg, as it is drawn. */
export type DrawnLeg = {
  readonly leg: LegName;
  /** so far, of the one that it is on; undefined where it has not come to it */
  readonly took: number | undefined;
  readonly isNow: boolean;
  readonly usual: number | undefined;
  /** longer, and the boot has stopped */
  readonly limit: number | undefined;
  readonly verdict: 'good' | 'late' | 'too-late';
};

const ON: Readonly<Partial<Record<State, LegName>>> = {
  dhcp: 'first-file',
  files: 'mount',
  stalled: 'mount',
  mounted: 'system',
};
/** Later than usual by so much is still usual. */
const LATE = 1.5;

/** All legs. @param now microseconds since 1970 */
export function drawnLegs(
  { legs, expected, stages }: Shown,
  state: State,
  now: number,
): DrawnLeg[] {
  const on = ON[state];
  const heard = stages.at(-1)?.at;
  return LEGS.map((leg) => {
    const done = legs.find((one) => one.leg === leg)?.took;
    const isNow = leg === on && heard !== undefined;
    const took = isNow ? Math.max(0, now - heard) : done;
    const { median: usual, limit } = expected.find((one) => one.leg === leg) ?? {};
    return { leg, took, isNow, usual, limit, verdict: verdictOf(took, { usual, limit }) };
  });
}

function verdictOf(
  took = 0,
  { usual, limit }: { readonly usual: number | undefined; readonly limit: number | undefined },
): DrawnLeg['verdict'] {
  if (limit !== undefined && took > limit) return 'too-late';
  return usual !== undefined && took > LATE * usual && took - usual > 1_000_000 ? 'late' : 'good';
}

/** The length of a time on a line that shows them all, 0 to 1. */
export function scaleOf(legs: readonly DrawnLeg[]): (time: number) => number {
  const longest = Math.max(1, ...legs.flatMap(({ took = 0, usual = 0 }) => [took, 1.4 * usual]));
  return (time) => Math.min(1, time / longest);
}
