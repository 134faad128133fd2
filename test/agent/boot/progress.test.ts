import test from 'ava';
import {
  advanceBoot,
  type Boot,
  type BootSignal,
  isRebooting,
  stateAt,
} from '../../../agent/boot/progress.ts';

const discover = (speaker: 'walt-loader' | 'pxe' | 'system'): BootSignal => ({
  kind: 'dhcp',
  speaker,
  message: 'discover',
});
const request: BootSignal = { kind: 'dhcp', speaker: 'walt-loader', message: 'request' };
const file: BootSignal = {
  kind: 'file',
  path: 'kernel',
  via: 'http',
  bytes: 1,
  ms: 1,
  retries: 0,
  outcome: 'complete',
};
const mounted: BootSignal = { kind: 'mounted' };
const booted: BootSignal = { kind: 'booted' };
const down: BootSignal = { kind: 'down', cause: 'x', method: 'y' };

/**
 * States after each signal; a star marks the beginning of a boot. A number is a pause in seconds; the other signals
 * come one second after the other.
 */
function run(signals: readonly (BootSignal | number)[]): string[] {
  let boot: Boot | undefined;
  let at = 0;
  return signals.flatMap((signal) => {
    if (typeof signal === 'number') {
      at += signal * 1_000_000;
      return [];
    }
    at += 1_000_000;
    const progress = advanceBoot(boot, signal, at);
    boot = progress?.boot ?? boot;
    if (progress === undefined) return ['none'];
    return [`${progress.isNew ? '*' : ''}${progress.boot.state}`];
  });
}

const loader = discover('walt-loader');
const grub: BootSignal = { ...file, path: '/walt/pc-x86-64/52:54:00:00:00:01/secure/start.grub' };
const kexec: BootSignal = {
  ...{ ...file, path: '/walt/pc-x86-64/52:54:00:00:00:01/secure/card/01-80-86-10-0e/start.grub' },
};

const ipxe: BootSignal = { ...file, path: '/ipxe.efi' };
/** of an iPXE that has no script of ours yet */
const rom: BootSignal = {
  kind: 'dhcp',
  speaker: 'pxe',
  message: 'discover',
  isIpxe: true,
};
const pxe = discover('pxe');
const pi: BootSignal = { kind: 'dhcp', speaker: 'raspberry-pi', message: 'discover' };

const cases: readonly [string, readonly (BootSignal | number)[], readonly string[]][] = [
  [
    'follows a boot from power-on to down',
    [loader, request, file, mounted, booted, down],
    ['*dhcp', 'dhcp', 'files', 'mounted', 'booted', 'down'],
  ],
  ['takes repeated DISCOVERs for one boot', [loader, loader, request], ['*dhcp', 'dhcp', 'dhcp']],
  ['begins anew when the loader tries again', [loader, file, loader], ['*dhcp', 'files', '*dhcp']],
  [
    'takes PXE firmware and the loader it fetched for one boot',
    [discover('pxe'), file, loader, file],
    ['*dhcp', 'files', 'files', 'files'],
  ],
  [
    'takes PXE firmware and each iPXE that follows for one boot',
    [pxe, ipxe, rom, rom, request, file, ipxe, loader, file],
    ['*dhcp', 'files', 'files', 'files', 'files', 'files', 'files', 'files', 'files'],
  ],
  [
    'begins anew when PXE firmware asks again after an iPXE has started',
    [pxe, ipxe, rom, request, file, pxe],
    ['*dhcp', 'files', 'files', 'files', 'files', '*dhcp'],
  ],
  [
    'begins anew when PXE firmware asks again for an iPXE that did not come whole',
    [discover('pxe'), { ...ipxe, outcome: 'timeout' }, discover('pxe')],
    ['*dhcp', 'files', '*dhcp'],
  ],
  [
    'does not begin a boot for a lease of the running system',
    [loader, file, mounted, booted, discover('system')],
    ['*dhcp', 'files', 'mounted', 'booted', 'booted'],
  ],
  ['knows nothing of a device that never booted', [discover('system'), file], ['none', 'none']],
  [
    'is booted again when a lost node comes back',
    [loader, file, booted, down, booted],
    ['*dhcp', 'files', 'booted', 'down', 'booted'],
  ],
  [
    'does not take the end of an old connection for the end of a new boot',
    [loader, file, booted, loader, file, down, mounted],
    ['*dhcp', 'files', 'booted', '*dhcp', 'files', 'files', 'mounted'],
  ],
  [
    'begins with the question of GRUB, whose DHCP looks like that of a system',
    [discover('system'), grub, grub, file, booted, discover('system'), grub, file],
    ['none', '*files', 'files', 'files', 'booted', 'booted', '*files', 'files'],
  ],
  [
    'takes PXE firmware and the GRUB it fetched for one boot',
    [discover('pxe'), file, grub, file, mounted],
    ['*dhcp', 'files', 'files', 'files', 'mounted'],
  ],
  [
    'begins anew when a machine loses its power between its address and its first file',
    [loader, request, 17, loader, request, file],
    ['*dhcp', 'dhcp', '*dhcp', 'dhcp', 'files'],
  ],
  [
    'takes a DISCOVER at once after a REQUEST for a lost ACK',
    [loader, request, loader, request, file],
    ['*dhcp', 'dhcp', 'dhcp', 'dhcp', 'files'],
  ],
  [
    'takes DISCOVERs that wait longer and longer for one boot, and one after a minute for another',
    [pxe, 3, pxe, 7, pxe, 15, pxe, 31, pxe, 60, pxe],
    ['*dhcp', 'dhcp', 'dhcp', 'dhcp', 'dhcp', '*dhcp'],
  ],
  [
    'begins anew when a machine loses its power after it fetched an iPXE, whatever its ROM is',
    [rom, request, ipxe, 17, rom, request, ipxe, rom, request, file],
    ['*dhcp', 'dhcp', 'files', '*dhcp', 'dhcp', 'files', 'files', 'files', 'files'],
  ],
  [
    'begins anew at once when firmware that is no iPXE asks after it fetched one',
    [pxe, request, ipxe, pxe, request, ipxe, rom],
    ['*dhcp', 'dhcp', 'files', '*dhcp', 'dhcp', 'files', 'files'],
  ],
  [
    'begins anew when a Raspberry Pi loses its power after its firmware fetched U-Boot',
    [pi, file, 17, pi, file, loader, request, file],
    ['*dhcp', 'files', '*dhcp', 'files', 'files', 'files', 'files'],
  ],
  [
    'begins anew when GRUB asks what to start, though it was given that already',
    [grub, grub, file, 3600, grub, file, mounted],
    ['*files', 'files', 'files', '*files', 'files', 'mounted'],
  ],
  [
    'takes the tries of a GRUB without an image for one boot, unless it was silent for long',
    [grub, 60, grub, 60, grub, 700, grub],
    ['*files', 'files', 'files', '*files'],
  ],
  [
    'begins with the question of a system that goes on by kexec',
    [loader, file, booted, down, kexec, file, mounted, booted],
    ['*dhcp', 'files', 'booted', 'down', '*files', 'files', 'mounted', 'booted'],
  ],
  [
    'begins anew when GRUB asks after such a system got nothing to start',
    [kexec, 20, discover('system'), grub, file],
    ['*files', 'files', '*files', 'files'],
  ],
  [
    'goes on where a switch with spanning tree kept the iPXE that was fetched from its address',
    [pxe, request, ipxe, 30, rom, request, file],
    ['*dhcp', 'dhcp', 'files', 'files', 'files', 'files'],
  ],
  [
    "goes on where it kept a Raspberry Pi's U-Boot from its address",
    [pi, file, 30, loader, request, file],
    ['*dhcp', 'files', 'files', 'files', 'files'],
  ],
  ['is booted where nobody saw the boot', [booted, down], ['*booted', 'down']],
  [
    'is down when its power was cut, however far it had come',
    [loader, file, { kind: 'down', cause: 'power off requested', method: 'hard' }, loader],
    ['*dhcp', 'files', 'down', '*dhcp'],
  ],
  [
    'is down when it obeys a reboot, though it was not booted yet',
    [loader, file, mounted, { kind: 'down', cause: 'reboot requested', method: 'soft' }],
    ['*dhcp', 'files', 'mounted', 'down'],
  ],
  ['goes on when the mount was not seen', [loader, file, booted], ['*dhcp', 'files', 'booted']],
];

for (const [title, signals, states] of cases) {
  test(`advanceBoot() ${title}`, (t) => {
    t.deepEqual(run(signals), states);
  });
}

test('advanceBoot() says that a running node was cut off when its loader speaks', (t) => {
  const boot: Boot = { started: 1, heardAt: 1, state: 'booted', speaker: 'walt-loader' };
  t.regex(advanceBoot(boot, loader, 2)?.endedBefore ?? '', /asks for an address again/);
  t.is(advanceBoot({ ...boot, state: 'down' }, loader, 2)?.endedBefore, undefined);
});

test('advanceBoot() takes a renewed lease or a second notification for no stage', (t) => {
  const boot: Boot = { started: 1, heardAt: 1, state: 'booted', speaker: 'walt-loader' };
  t.false(advanceBoot(boot, discover('system'), 2)?.isStage);
  t.false(advanceBoot(boot, booted, 2)?.isStage);
  t.true(advanceBoot(boot, down, 2)?.isStage);
});

test('advanceBoot() does not count a transfer that an earlier boot left behind', (t) => {
  const second = 1_000_000;
  const boot: Boot = { started: 60 * second, heardAt: 65 * second, state: 'dhcp', speaker: 'pxe' };
  const aborted: BootSignal = { ...file, ms: 30_000, outcome: 'aborted' };
  const left = advanceBoot(boot, aborted, 80 * second);
  t.deepEqual([left?.isStage, left?.boot], [false, boot]);
  const own = advanceBoot(boot, aborted, 95 * second);
  t.deepEqual([own?.isStage, own?.boot.state], [true, 'files']);
});

test('isRebooting() is so for ten seconds after a reboot on demand, unless a boot begins', (t) => {
  const start = 1_000_000;
  const asked: BootSignal = { kind: 'down', cause: 'reboot requested', method: 'soft' };
  const running: Boot = { started: 0, heardAt: 0, state: 'booted', speaker: 'system' };
  const ending = advanceBoot(running, asked, start)?.boot ?? running;
  t.false(isRebooting(running, start));
  t.true(isRebooting(ending, start + 9_999_999));
  t.false(isRebooting(ending, start + 10_000_000));
  t.false(isRebooting(advanceBoot(ending, loader, start)?.boot ?? ending, start));
  t.false(isRebooting(advanceBoot(running, down, start)?.boot ?? running, start));
});

const unconfirmed: Boot = { started: 1, heardAt: 9, state: 'unconfirmed', speaker: 'walt-loader' };

for (const [title, signal, state, isStage] of [
  ['that says so is booted, which is no stage', booted, 'booted', false],
  ['that is missed is down', down, 'down', true],
  ['is not moved by a mount', mounted, 'unconfirmed', false],
  ['is not moved by a lease of its system', discover('system'), 'unconfirmed', false],
] as const) {
  test(`advanceBoot(): a node that ran before the server was restarted, and ${title}`, (t) => {
    const progress = advanceBoot(unconfirmed, signal, 10);
    t.like(progress, { boot: { state }, isStage, isNew: false });
  });
}

test('advanceBoot() says of a node that ran before a restart that it went down, when its loader asks', (t) => {
  const progress = advanceBoot(unconfirmed, loader, 10);
  t.true(progress?.isNew);
  t.regex(progress?.endedBefore ?? '', /asks for an address again/);
});

test('stateAt() says that a boot has stalled after ten minutes of silence, and of no node that is up', (t) => {
  const later = 10 + 600_000_001;
  for (const state of ['dhcp', 'files', 'mounted'] as const) {
    const boot: Boot = { started: 1, heardAt: 10, state, speaker: 'walt-loader' };
    t.is(stateAt(boot, later - 1), state);
    t.is(stateAt(boot, later), 'stalled');
  }
  t.is(stateAt({ ...unconfirmed, state: 'booted' }, later * 2), 'booted');
});
