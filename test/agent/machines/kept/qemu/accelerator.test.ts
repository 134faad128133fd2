import { access } from 'node:fs/promises';
import test from 'ava';
import {
  findAccelerator,
  isEmulated,
  probeBoot,
} from '../../../../../agent/machines/kept/qemu/accelerator.ts';

test('probeBoot() comes to the end of the firmware by emulation, which is always right', async (t) => {
  t.timeout(120_000);
  t.is(await probeBoot('tcg'), undefined);
});

test('findAccelerator() says KVM only where a probe boot by KVM came as far', async (t) => {
  t.timeout(120_000);
  const { kind, why } = await findAccelerator();
  const isOffered = await access('/dev/kvm').then(
    () => true,
    () => false,
  );
  if (!isOffered) return t.deepEqual([kind, why], ['tcg', 'this machine has no /dev/kvm']);
  const trouble = await probeBoot('kvm');
  t.is(kind, trouble === undefined ? 'kvm' : 'tcg');
  if (trouble !== undefined) t.regex(why, /^a probe boot with KVM failed: ./);
});

test('isEmulated() tells a processor that QEMU computes', (t) => {
  const cpuinfo = (name: string) =>
    `processor\t: 0\nvendor_id\t: AuthenticAMD\nmodel name\t: ${name}\n`;
  t.true(isEmulated(cpuinfo('QEMU TCG CPU version 2.5+')));
  t.false(isEmulated(cpuinfo('QEMU Virtual CPU version 2.5+')), 'so are some under KVM');
  t.false(isEmulated(cpuinfo('AMD EPYC')));
  t.false(isEmulated(''));
});
