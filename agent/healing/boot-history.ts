// The last boots of a device as people are told of them: how each went, and why it failed.
import type { ToldBoot } from '../boots/boot-book.ts';
import { endedFaultOf } from './faults.ts';

/** Boots that are told, the last ones. */
export const TOLD_BOOTS = 10;

/** One boot; times are microseconds. */
export type PastBoot = {
  readonly started: number;
  readonly result: 'booted' | 'failed' | 'under-way';
  /** from its first question until it was up; null where it never was */
  readonly took: number | null;
  /** packets of its files that were sent again */
  readonly retries: number;
  /** key of the folder of the image that it loaded; null where that is not known */
  readonly image: string | null;
  /** why it failed, or what ended it; null where nothing is to be said */
  readonly reason: string | null;
  /** what to look at; null where it did not fail */
  readonly advice: string | null;
};

/** @param boots newest first; the first one may be under way */
export function bootHistory(boots: readonly ToldBoot[]): PastBoot[] {
  return boots.map((boot, index) => pastBoot(boot, index === 0));
}

function pastBoot(boot: ToldBoot, isLast: boolean): PastBoot {
  const { started, stages, image = null } = boot;
  const up = stages.find(({ stage }) => stage === 'booted')?.at;
  const isFailed = !isLast || boot.state === 'down';
  return {
    ...{ started, image },
    result: up !== undefined ? 'booted' : isFailed ? 'failed' : 'under-way',
    took: up === undefined ? null : up - started,
    retries: stages.reduce((sum, { detail }) => sum + Number(detail.retries ?? 0), 0),
    ...told(boot, up !== undefined, isFailed),
  };
}

function told(
  boot: ToldBoot,
  wasUp: boolean,
  isFailed: boolean,
): Pick<PastBoot, 'reason' | 'advice'> {
  if (wasUp) {
    const end = boot.stages.findLast(({ stage }) => stage === 'down')?.detail;
    return { reason: end === undefined ? null : `then down: ${String(end.cause)}`, advice: null };
  }
  const fault = isFailed ? endedFaultOf(boot) : undefined;
  return { reason: fault?.text ?? null, advice: fault?.advice ?? null };
}
