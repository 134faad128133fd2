import { stat } from 'node:fs/promises';
import test from 'ava';
import {
  type DiskState,
  deviceText,
  diskState,
  takesNothing,
} from '../../../../agent/host/folders/disk.ts';
import { mountsOf } from '../../../../agent/host/folders/mount-table.ts';

const GB = 1e9;

for (const [title, size, free, before, expected] of [
  ['half empty', 100 * GB, 50 * GB, 'fine', 'fine'],
  ['large, with 2 GB left', 1000 * GB, 2 * GB, 'fine', 'fine'],
  ['large, with less than 2 GB left', 1000 * GB, 1.99 * GB, 'fine', 'low'],
  ['small, with less than 5 % left', 10 * GB, 0.49 * GB, 'fine', 'low'],
  ['a little above the mark, and was below it', 1000 * GB, 2.4 * GB, 'low', 'low'],
  ['well above the mark again', 1000 * GB, 2.6 * GB, 'low', 'fine'],
  ['full', 1000 * GB, 0.0005 * GB, 'low', 'full'],
  ['tiny and empty', 0.004 * GB, 0.003 * GB, 'fine', 'fine'],
] as const satisfies readonly (readonly [string, number, number, DiskState, DiskState])[]) {
  test(`diskState() is ${expected} of a disk that is ${title}`, (t) => {
    t.is(diskState({ size, free, isReadOnly: false }, before), expected);
  });
}

test('diskState() is read-only, however much is left', (t) => {
  t.is(diskState({ size: GB, free: GB, isReadOnly: true }, 'fine'), 'read-only');
});

test('takesNothing() of a disk that the kernel writes no more, though it is mounted for writing', (t) => {
  t.true(takesNothing('rw,errors=remount-ro,emergency_ro'));
  t.true(takesNothing('rw,attr2,shutdown'));
  t.false(takesNothing('rw,errors=remount-ro'));
});

test('deviceText() reads numbers of devices as mountinfo writes them', async (t) => {
  t.is(deviceText(0x706), '7:6');
  t.is(deviceText(0x11_032c), '259:300');
  const { dev } = await stat('/proc');
  t.is((await mountsOf('self')).get('/proc')?.device, deviceText(dev));
});
