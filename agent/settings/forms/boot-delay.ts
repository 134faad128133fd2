// Form of a setting: how long a virtual machine waits before it starts.
import { type Form, value } from '../setting.ts';
import { numberFrom } from './number.ts';

/** A time of 10 seconds at most that is chosen at each start, or always the same. */
export type BootDelay =
  | { readonly kind: 'random' }
  | { readonly kind: 'fixed'; readonly seconds: number };

const MOST_SECONDS = 600;
const seconds = numberFrom(0, MOST_SECONDS);

/** `random`, or seconds. */
export const bootDelay: Form<BootDelay> = {
  text: `random (10 seconds at most), or seconds from 0 to ${MOST_SECONDS}`,
  read: (written) => {
    if (written === 'random') return value({ kind: 'random' });
    const reading = seconds.read(written);
    if (reading.kind === 'value') return value({ kind: 'fixed', seconds: reading.value });
    return { ...reading, complaint: `expected random, or seconds from 0 to ${MOST_SECONDS}` };
  },
};
