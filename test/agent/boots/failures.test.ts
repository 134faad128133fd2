import test from 'ava';
import type { BootState } from '../../../agent/boot/progress.ts';
import { type Attempt, failuresText, isSaidAt } from '../../../agent/boots/failures.ts';
import type { StoredStage } from '../../../agent/store/records/boots.ts';

const dhcp: StoredStage = {
  ...{ at: 1, stage: 'dhcp', detail: { message: 'discover', speaker: 'pxe' } },
};
const file = (path: string, outcome = 'complete'): StoredStage => ({
  ...{ at: 2, stage: 'file', detail: { path, via: 'http', outcome, bytes: 1, ms: 1, retries: 0 } },
});
const mounted: StoredStage = { at: 3, stage: 'mounted', detail: {} };
const attempt = (state: BootState, ...stages: StoredStage[]): Attempt => ({ state, stages });

test('isSaidAt() begins with the fourth boot, then is ever rarer', (t) => {
  const said = Array.from({ length: 3001 }, (_, index) => index).filter(isSaidAt);
  t.deepEqual(said, [4, 10, 30, 100, 300, 1000, 3000]);
});

for (const [what, before, text] of [
  ['nothing is known', [], 'this is boot 4 in a row'],
  [
    'all ended alike',
    [1, 2, 3].map(() => attempt('mounted', dhcp, file('initrd'), mounted)),
    'this is boot 4 in a row; each of the last 3 ended after it mounted its root file system, while its system started ' +
      '(last asked for initrd by http: complete)',
  ],
  [
    'one got further',
    [attempt('dhcp', dhcp), attempt('files', dhcp, file('kernel', 'not-found'))],
    'this is boot 4 in a row; the one before ended while it asked for an address (last asked by DHCP: discover from pxe), ' +
      'the one before that while it loaded files (last asked for kernel by http: not-found)',
  ],
  [
    'the same stage was reached by other files',
    [attempt('files', file('a')), attempt('files', file('b'))],
    'this is boot 4 in a row; the one before ended while it loaded files (last asked for a by http: complete), ' +
      'the one before that while it loaded files (last asked for b by http: complete)',
  ],
  [
    'one is known, and no stage of it',
    [attempt('down')],
    'this is boot 4 in a row; the one before ended after it mounted its root file system, when it was told to reboot',
  ],
] as const) {
  test(`failuresText() tells how boots failed where ${what}`, (t) => {
    t.is(failuresText(4, before), text);
  });
}

test('failuresText() is one line, whatever was asked for', (t) => {
  const detail = { path: 'a\nnode pc is up\x1b[2J', via: 'tftp', outcome: 'complete' };
  const attempt = { state: 'files', stages: [{ at: 1, stage: 'file', detail }] } as const;
  t.regex(failuresText(4, [attempt]), /asked for a\\nnode pc is up\\u001b\[2J by tftp/);
});
