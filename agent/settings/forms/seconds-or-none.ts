// Form of a setting: a time in seconds, or none.
import { type Form, value } from '../setting.ts';
import { numberFrom } from './number.ts';

/** Seconds between two limits, both included; undefined is `none`. */
export function secondsOrNone(least: number, most: number): Form<number | undefined> {
  const text = `seconds from ${least} to ${most}, or none`;
  const seconds = numberFrom(least, most);
  return {
    text,
    read: (written) => {
      if (written === 'none') return value(undefined);
      const reading = seconds.read(written);
      return reading.kind === 'value' ? reading : { ...reading, complaint: `expected ${text}` };
    },
  };
}
