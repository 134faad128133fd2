import test from 'ava';
import {
  advanceBoot,
  type Boot,
  type BootSignal,
  isRebooting,
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

/** States after each signal; a star marks the beginning of a boot. */
function run(signals: readonly BootSignal[]): string[] {
  let boot: Boot | undefined;
  return signals.map((signal, at) => {
    const progress = advanceBoot(boot, signal, at);
    boot = progress?.boot ?? boot;
    return progress === undefined ? 'none' : `${progress.isNew ? '*' : ''}${progress.boot.state}`;
  });
}

const loader = discover('walt-loader');
const grub: BootSignal = { ...file, path: '/walt/pc-x86-64/52:54:00:00:00:01/secure/start.grub' };

const ipxe: BootSignal = { ...file, path: '/ipxe.efi' };

const cases: readonly [string, readonly BootSignal[], readonly string[]][] = [
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
    [discover('pxe'), ipxe, discover('pxe'), discover('pxe'), request, file, ipxe, loader, file],
    ['*dhcp', 'files', 'files', 'files', 'files', 'files', 'files', 'files', 'files'],
  ],
  [
    'begins anew when PXE firmware asks again after an iPXE has started',
    [discover('pxe'), ipxe, discover('pxe'), request, file, discover('pxe')],
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
  ['goes on when the mount was not seen', [loader, file, booted], ['*dhcp', 'files', 'booted']],
];

for (const [title, signals, states] of cases) {
  test(`advanceBoot() ${title}`, (t) => {
    t.deepEqual(run(signals), states);
  });
}

test('advanceBoot() says that a running node was cut off when its loader speaks', (t) => {
  const boot: Boot = { started: 1, state: 'booted', speaker: 'walt-loader' };
  t.regex(advanceBoot(boot, loader, 2)?.endedBefore ?? '', /asks for an address again/);
  t.is(advanceBoot({ ...boot, state: 'down' }, loader, 2)?.endedBefore, undefined);
});

test('advanceBoot() takes a renewed lease or a second notification for no stage', (t) => {
  const boot: Boot = { started: 1, state: 'booted', speaker: 'walt-loader' };
  t.false(advanceBoot(boot, discover('system'), 2)?.isStage);
  t.false(advanceBoot(boot, booted, 2)?.isStage);
  t.true(advanceBoot(boot, down, 2)?.isStage);
});

test('isRebooting() is so for ten seconds after a reboot on demand, unless a boot begins', (t) => {
  const start = 1_000_000;
  const asked: BootSignal = { kind: 'down', cause: 'reboot requested', method: 'soft' };
  const running: Boot = { started: 0, state: 'booted', speaker: 'system' };
  const ending = advanceBoot(running, asked, start)?.boot ?? running;
  t.false(isRebooting(running, start));
  t.true(isRebooting(ending, start + 9_999_999));
  t.false(isRebooting(ending, start + 10_000_000));
  t.false(isRebooting(advanceBoot(ending, loader, start)?.boot ?? ending, start));
  t.false(isRebooting(advanceBoot(running, down, start)?.boot ?? running, start));
});
