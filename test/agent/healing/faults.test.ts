import test from 'ava';
import type { BootState } from '../../../agent/boot/progress.ts';
import { type FaultKind, faultOf } from '../../../agent/healing/faults.ts';
import type { StoredStage } from '../../../agent/store/records/boots.ts';

const stage = (kind: StoredStage['stage'], detail: StoredStage['detail'] = {}): StoredStage => ({
  ...{ at: 1, stage: kind, detail },
});
const discover = stage('dhcp', { message: 'discover', speaker: 'pxe' });
const request = stage('dhcp', { message: 'request', speaker: 'pxe' });
const file = (path: string, outcome = 'complete') => stage('file', { path, via: 'tftp', outcome });
const down = (method: string) => stage('down', { cause: 'reboot requested', method });

const CASES: readonly [string, BootState, readonly StoredStage[], FaultKind | undefined, RegExp][] =
  [
    ['asks alone', 'dhcp', [discover], 'no-address', /did not take/],
    ['has an address', 'dhcp', [discover, request], 'no-file', /no file/],
    [
      'a transfer is cut',
      'files',
      [discover, request, file('kernel', 'lost')],
      'broken-transfer',
      /kernel by tftp broke off \(lost\)/,
    ],
    [
      'all files came',
      'files',
      [discover, request, file('initrd')],
      'no-mount',
      /loaded initrd by tftp last/,
    ],
    ['a path with an end of line', 'files', [file('a\nb')], 'no-mount', /^[^\n]*$/],
    ['root is mounted', 'mounted', [file('initrd'), stage('mounted')], 'no-boot', /never said/],
    ['told to reboot', 'down', [stage('booted'), down('soft')], 'no-start', /reboot requested/],
    ['power was cut', 'down', [stage('mounted'), down('hard')], 'no-start', /did not begin/],
    ['went silent', 'down', [stage('booted'), down('server-detected')], 'silent', /without a word/],
    ['is up', 'booted', [stage('booted')], undefined, /^$/],
  ];

for (const [title, state, stages, kind, text] of CASES) {
  test(`faultOf() a boot: ${title}`, (t) => {
    const fault = faultOf({ state, stages });
    t.is(fault?.kind, kind);
    t.regex(fault?.text ?? '', text);
    t.is(fault === undefined, (fault?.advice ?? '') === '');
  });
}
