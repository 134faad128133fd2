// The legs of a boot: how long each took, from one thing that the server noticed to the next. All times are microseconds.
import type { BootState } from '../../boot/progress.ts';
import type { StoredStage } from '../../store/records/boots.ts';

/** In the order of a boot, each with what it lasts from and to. */
export const LEGS = {
  'first-file': 'from its first question to the end of its first file',
  'next-file': 'between the ends of two files, the longest',
  mount: 'from the end of its last file to the mount of its root',
  system: 'from the mount until it is up',
} as const;
/** One of `LEGS`. */
export type Leg = keyof typeof LEGS;
/** `LEGS` by their names. */
export const LEG_NAMES = Object.keys(LEGS) as Leg[];

/** How long the legs of one boot took, as far as it came. */
export type LegTimes = Readonly<Partial<Record<Leg, number>>>;

/** @param stages of one boot, oldest first */
export function legTimes(stages: readonly StoredStage[]): LegTimes {
  const at = (kind: StoredStage['stage']) => stages.find(({ stage }) => stage === kind)?.at;
  const mounted = at('mounted');
  const end = mounted ?? at('booted') ?? Number.POSITIVE_INFINITY;
  const files = stages.filter((one) => one.stage === 'file' && one.at <= end).map((one) => one.at);
  const gaps = files.slice(1).map((time, index) => time - (files[index] ?? time));
  return {
    ...between('first-file', at('dhcp'), files[0]),
    ...(gaps.length === 0 ? {} : { 'next-file': Math.max(...gaps) }),
    ...between('mount', files.at(-1), mounted),
    ...between('system', mounted ?? files.at(-1), at('booted')),
  };
}

function between(leg: Leg, from: number | undefined, to: number | undefined): LegTimes {
  return from === undefined || to === undefined ? {} : { [leg]: to - from };
}

/** The legs that a boot may be on, which has come so far: of the last file nobody knows yet that it is the last one. */
export function legsAfter(state: BootState): readonly Leg[] {
  if (state === 'dhcp') return ['first-file'];
  if (state === 'files') return ['next-file', 'mount'];
  return state === 'mounted' ? ['system'] : [];
}
