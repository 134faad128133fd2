/** A simulated board: what the network shows of its boots, and where they freeze. */
import type { BootSignal } from '../../agent/boot/progress.ts';

/** Where boots freeze, in the order of a boot, and what only looks like it: `late` and `cut` mend themselves. */
export const FREEZES = [
  'no start after a reboot',
  'no address taken',
  'no file asked for',
  'a transfer broken off',
  'no mount',
  'not up',
  'up, then silent',
] as const;
/** One of `FREEZES`. */
export type Freeze = (typeof FREEZES)[number];
/** `late`: DHCP is answered 20 s late. `cut`: its connection is lost for a while, its system runs on. */
export type Course = Freeze | 'good' | 'late' | 'cut';

/** What happens so many seconds after the start of a boot. */
export type Act = { readonly after: number; readonly signal: BootSignal };

const file = (path: string, outcome = 'complete'): BootSignal => ({
  ...{ kind: 'file', path, via: 'tftp', bytes: 1, ms: 0, retries: 0, outcome },
});
const DISCOVER: BootSignal = { kind: 'dhcp', speaker: 'walt-loader', message: 'discover' };
const GOOD: readonly Act[] = [
  { after: 8, signal: DISCOVER },
  { after: 9, signal: { ...DISCOVER, message: 'request' } },
  { after: 10, signal: file('start.ipxe') },
  { after: 14, signal: file('kernel') },
  { after: 24, signal: { kind: 'mounted' } },
  { after: 41, signal: { kind: 'booted' } },
];
/** A connection that ended without a word. */
export const LOST: BootSignal = {
  ...{ kind: 'down', cause: 'the connection was lost', method: 'server-detected' },
};
const UP_FOR = 40;
const CUT_FOR = 100;

/** How far a boot comes that freezes there. */
const STEPS: Readonly<Record<Freeze, number>> = {
  'no start after a reboot': 0,
  'no address taken': 1,
  'no file asked for': 2,
  'a transfer broken off': 3,
  'no mount': 4,
  'not up': 5,
  'up, then silent': 6,
};

/** What a boot shows, and when it freezes; `pace` is how many times slower than usual this one is. */
export function showOf(course: Course, pace: number): readonly Act[] {
  const acts = GOOD.map(({ after, signal }) => ({ after: after * pace, signal }));
  const end = acts.at(-1)?.after ?? 0;
  const lost = { after: end + UP_FOR, signal: LOST };
  if (course === 'good') return acts;
  if (course === 'late') return acts.map((act, at) => (at === 0 ? act : later(act)));
  if (course === 'cut') {
    return [...acts, lost, { after: lost.after + CUT_FOR, signal: { kind: 'booted' } }];
  }
  if (course === 'up, then silent') return [...acts, lost];
  const shown = acts.slice(0, STEPS[course]);
  if (course !== 'a transfer broken off') return shown;
  return [...shown, { after: 13 * pace, signal: file('kernel', 'timed-out') }];
}

function later({ after, signal }: Act): Act {
  return { after: after + 20, signal };
}
