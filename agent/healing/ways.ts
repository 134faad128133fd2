// The other ways in which a board that does not come up is let boot, as those who serve it ask for them.
import type { Cases } from './cases.ts';

/** How boards are let boot. */
export type Ways = {
  /** whether a board is to load its files by TFTP in small blocks */
  readonly isCareful: (mac: string) => boolean;
  /** key of the content that a board boots in place of that of `key`; undefined: it boots that */
  readonly insteadOf: (mac: string, key: string) => string | undefined;
};

/** @param hasContent whether the folder of a key is still there */
export function waysOf(cases: Pick<Cases, 'of'>, hasContent: (key: string) => boolean): Ways {
  return {
    isCareful: (mac) => cases.of(mac).series.way === 'careful',
    insteadOf: (mac, key) => {
      const { way, image, instead } = cases.of(mac).series;
      if (way !== 'last-good' || image === undefined || instead !== key) return undefined;
      return hasContent(image) ? image : undefined;
    },
  };
}
