// Form of a setting: a whole number.
import { complaint, type Form, value } from '../setting.ts';

/** A whole number between two limits, both included. */
export function numberFrom(least: number, most: number): Form<number> {
  const text = `a whole number from ${least} to ${most}`;
  return {
    text,
    read: (written) => {
      const number = Number(written);
      const isOne = /^\d+$/.test(written) && number >= least && number <= most;
      return isOne ? value(number) : complaint(`expected ${text}`);
    },
  };
}
