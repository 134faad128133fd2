// What is done next for a board that does not come up: a pure function of what was done already. A server that starts again
// reads the series from the disk and goes on where it was.
import type { FaultKind } from './faults.ts';

/** How a board is let boot: as always; by TFTP alone with small blocks; or the image that booted on it last. */
export type Way = 'usual' | 'careful' | 'last-good';

/** What was done since the board was last up. Times are microseconds since 1970. */
export type Series = {
  /** how often it was helped */
  readonly tries: number;
  /** it was given more time first */
  readonly hasWaited: boolean;
  /** when its power was cycled, the last hour's */
  readonly cycles: readonly number[];
  readonly way: Way;
  /** key of the folder of the image that booted last, where `way` says so */
  readonly image?: string;
  /** and key of the one that it boots in place of */
  readonly instead?: string;
  /** the sentence that says why nothing more is done */
  readonly quarantine?: string;
};

/** Nothing was done. */
export const NEW_SERIES: Series = { tries: 0, hasWaited: false, cycles: [], way: 'usual' };

/** What can be done for the board. */
export type Means = {
  readonly fault: FaultKind;
  /** its power may be cycled */
  readonly isHard: boolean;
  /** setting `boot.retries` */
  readonly retries: number;
  /** setting `boot.hardPerHour` */
  readonly hardPerHour: number;
  /** another image than it is to boot has booted on it */
  readonly hasLastGood: boolean;
};

/** What is to be done: `wait` gives the board its time once more, `later` waits for the hour to be over. */
export type Step =
  | { readonly kind: 'none' }
  | { readonly kind: 'wait' }
  | { readonly kind: 'later' }
  | { readonly kind: 'cycle' | 'let'; readonly way: Way }
  | { readonly kind: 'quarantine' };

/** An hour, in microseconds. */
export const HOUR = 3_600_000_000;

/** Faults that another way of loading files may mend. */
const OF_LOADING: readonly FaultKind[] = ['no-file', 'broken-transfer', 'no-mount'];

/** Wait, then twice as always, twice carefully, then the image that booted last, until `boot.retries` are used up. */
export function nextStep(series: Series, means: Means, now: number): Step {
  if (series.quarantine !== undefined) return { kind: 'none' };
  const { fault, isHard, retries, hardPerHour } = means;
  const isDown = fault === 'silent' || fault === 'no-start';
  if (isDown && !isHard) return { kind: 'quarantine' };
  if (!series.hasWaited && !isDown) return { kind: 'wait' };
  if (series.tries >= retries) return { kind: 'quarantine' };
  const way = wayOf(series.tries, means);
  if (!isHard) return { kind: 'let', way };
  return cyclesWithin(series, now).length < hardPerHour
    ? { kind: 'cycle', way }
    : { kind: 'later' };
}

/** Power cycles of the last hour. */
export function cyclesWithin({ cycles }: Series, now: number): number[] {
  return cycles.filter((at) => now - at < HOUR);
}

function wayOf(tries: number, { fault, hasLastGood }: Means): Way {
  const isOfLoading = OF_LOADING.includes(fault);
  if (tries < 2) return 'usual';
  if (isOfLoading && tries < 4) return 'careful';
  if (hasLastGood && (isOfLoading || fault === 'no-boot')) return 'last-good';
  return isOfLoading && tries % 2 === 1 ? 'careful' : 'usual';
}
