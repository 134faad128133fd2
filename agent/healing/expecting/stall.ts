// Whether a boot has stopped, at a moment. Pure; all times are microseconds since 1970, or lengths of time.
import type { BootState } from '../../boot/progress.ts';
import type { ExpectedTimes } from './expected-times.ts';
import { legsAfter } from './legs.ts';

/** A board that is on its way, or down. */
export type Watched = {
  readonly state: BootState;
  /** when it was heard last */
  readonly heardAt: number;
  /** when it began to try, or was helped last */
  readonly tryingSince: number;
};

/** What it is measured by. */
export type Patience = {
  readonly expected: ExpectedTimes;
  /** setting `boot.timeout`; undefined: nothing is ever late */
  readonly timeout: number | undefined;
  /** times as long: 1, and more for a machine that is emulated */
  readonly factor: number;
};

/**
 * A boot has stopped where it is silent for longer than is expected of its leg, or is not up when `boot.timeout` is over,
 * or, where its good boots take longer than that, what is expected of all legs.
 */
export function isStalled(watched: Watched, { expected, timeout, factor }: Patience, now: number) {
  const { state, heardAt, tryingSince } = watched;
  if (timeout === undefined || state === 'booted' || state === 'unconfirmed') return false;
  const limits = legsAfter(state).map((leg) => expected[leg]?.limit);
  const isLearnt = limits.length > 0 && limits.every((limit) => limit !== undefined);
  const longest = Math.max(...limits.map((limit) => limit ?? 0));
  if (isLearnt && now - Math.max(heardAt, tryingSince) > longest * factor) return true;
  const all = Object.values(expected).reduce((sum, { limit }) => sum + limit, 0);
  return now - tryingSince > Math.max(timeout, all) * factor;
}
