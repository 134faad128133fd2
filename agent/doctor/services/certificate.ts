// Whether other machines can use the API for some time yet: by the ends of its certificates.
import { endWarning } from '../../access/certificate-ends.ts';
import type { Check } from '../check.ts';

export const certificate: Check = {
  name: 'certificate',
  run: async ({ certificateEnds }) => {
    const ends = certificateEnds();
    if (ends === undefined) {
      return { status: 'skipped', detail: 'no other machine reaches the API (api.listen)' };
    }
    const warning = endWarning(ends, Date.now());
    if (warning !== undefined) {
      const { isOver, ...finding } = warning;
      return { status: isOver ? 'failed' : 'warning', ...finding };
    }
    const first = Math.min(ends.server, ends.authority ?? ends.server);
    return { status: 'ok', detail: `the first one ends on ${dayOf(first)}` };
  },
};

function dayOf(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}
