import test from 'ava';
import { type Disk, isSame, refusal } from '../../../../agent/cli/media/disk.ts';

const part: Disk = {
  path: '/dev/sdb1',
  type: 'part',
  size: 32e9,
  model: null,
  vendor: null,
  serial: null,
  tran: null,
  rm: true,
  hotplug: true,
  ro: false,
  fstype: 'vfat',
  label: null,
  mountpoints: [null],
};
const stick: Disk = { ...part, path: '/dev/sdb', type: 'disk', serial: '1', fstype: null };
const holding = (inner: Disk): Disk => ({ ...stick, children: [inner] });
const on = (mountpoint: string, more: Partial<Disk> = {}): Disk => {
  return { ...part, mountpoints: [mountpoint], ...more };
};

const cases: readonly (readonly [string, Disk, RegExp | undefined])[] = [
  ['a stick', holding(part), undefined],
  ['a loop device', { ...stick, type: 'loop' }, undefined],
  ['a part', part, /no whole disk, but of type part/],
  ['a DVD', { ...stick, type: 'rom' }, /of type rom/],
  ['a logical volume', { ...stick, type: 'lvm' }, /of type lvm/],
  ['the disk of the system', holding(on('/')), /is the disk of this system/],
  [
    'the disk of the system below encryption and volumes',
    holding({ ...part, children: [{ ...part, type: 'crypt', children: [on('/')] }] }),
    /is the disk of this system/,
  ],
  ['a mounted part', holding(on('/mnt/x')), /in use \(\/mnt\/x\)\. First: umount \/dev\/sdb1/],
  ['swap space', holding(on('[SWAP]')), /in use/],
  ['a locked card', { ...stick, ro: true }, /read-only/],
  ['a small stick', { ...stick, size: 999 }, /too small: it has 999 bytes, .* takes 1\.0 kB/],
];

for (const [what, disk, expected] of cases) {
  test(`refusal() of ${what}`, (t) => {
    const said = refusal(disk, 1000);
    if (expected === undefined) t.is(said, undefined);
    else t.regex(said ?? '', expected);
  });
}

test('isSame() sees that sticks were changed', (t) => {
  t.true(isSame(stick, holding(part)));
  t.false(isSame(stick, { ...stick, serial: '2' }));
  t.false(isSame(stick, { ...stick, size: 1 }));
});
