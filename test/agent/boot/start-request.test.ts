import test from 'ava';
import { pxeFileOf } from '../../../agent/boot/pxe/pxe-tree.ts';
import { isWarmStart, readStartRequest } from '../../../agent/boot/start-request.ts';

const mac = '52:54:00:f2:67:82';

test('readStartRequest() reads model and MAC, and whether GRUB is locked down', (t) => {
  t.deepEqual(readStartRequest(`walt/pc-x86-64/${mac}/start.grub`), {
    model: 'pc-x86-64',
    mac,
    isSecure: false,
  });
  t.deepEqual(readStartRequest(`walt/pc-x86-32/${mac}/secure/start.grub`), {
    model: 'pc-x86-32',
    mac,
    isSecure: true,
  });
});

test('readStartRequest() reads which card a system has', (t) => {
  const busId = '01-80-86-10-0e';
  const request = { model: 'pc-x86-64', mac, busId };
  t.deepEqual(readStartRequest(`walt/pc-x86-64/${mac}/card/${busId}/start.grub`), {
    ...request,
    isSecure: false,
  });
  t.deepEqual(readStartRequest(`walt/pc-x86-64/${mac}/secure/card/${busId}/start.grub`), {
    ...request,
    isSecure: true,
  });
});

test('isWarmStart() tells a system that goes on by kexec from a loader', (t) => {
  t.true(isWarmStart(`walt/pc-x86-64/${mac}/secure/card/00-00-00-00-00/start.grub`));
  t.true(isWarmStart(`/walt/pc-x86-64/${mac}/card/01-80-86-10-0e/start.grub`));
  t.false(isWarmStart(`/walt/pc-x86-64/${mac}/secure/start.grub`));
  t.false(isWarmStart('kernel'));
});

for (const path of [
  `walt/rpi-3-b/${mac}/start.grub`,
  'walt/pc-x86-64/52:54:00:F2:67:82/start.grub',
  'walt/pc-x86-64//start.grub',
  `walt/pc-x86-64/${mac}/../start.grub`,
  `walt/pc-../${mac}/start.grub`,
  `walt/pc-/${mac}/start.grub`,
  `walt/pc-${'x'.repeat(60)}/${mac}/start.grub`,
  `walt/pc-x86-64/${mac}/start.grub.bak`,
  `walt/pc-x86-64/${mac}/card/01-80-86/start.grub`,
  `walt/pc-x86-64/${mac}/card/../../../etc/start.grub`,
  `walt/pc-x86-64/${mac}/card/01-80-86-10-0e/secure/start.grub`,
  `x/walt/pc-x86-64/${mac}/start.grub`,
]) {
  test(`readStartRequest() takes ${path} for no such request`, (t) => {
    t.is(readStartRequest(path), undefined);
  });
}

for (const [path, file] of [
  ['undionly.kpxe', 'undionly.kpxe'],
  ['/grubx64.efi', 'grubx64.efi'],
  ['//grubx64.efi', 'grubx64.efi'],
  ['/pxe/shimx64.efi', 'shimx64.efi'],
  ['/pxe//grubx64.efi', 'grubx64.efi'],
  ['/grub/grub.cfg', 'grub/grub.cfg'],
  ['/grub/../grubx64.efi', undefined],
  ['revocations_sku.efi', undefined],
  ['/boot/grubx64.efi', undefined],
  ['kernel', undefined],
] as const) {
  test(`pxeFileOf() finds ${file ?? 'nothing'} for ${path}`, (t) => {
    t.is(pxeFileOf(path), file);
  });
}
