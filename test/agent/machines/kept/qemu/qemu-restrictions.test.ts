import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { qemuRestrictions } from '../../../../../agent/machines/kept/qemu/qemu-restrictions.ts';
import { exposureOf } from '../../../../support/server-machine/unit-exposure.ts';
import { temporaryFolder } from '../../../../support/temporary-folder.ts';

for (const [user, most] of [
  ['daemon', 2],
  [undefined, 3],
] as const) {
  test(`the unit of a virtual machine that begins as ${user ?? 'root'} is exposed by no more than ${most}`, async (t) => {
    const unit = join(await temporaryFolder(t), 'walt-node-525400123456.service');
    const words = await qemuRestrictions(user);
    await writeFile(unit, ['[Service]', 'ExecStart=/bin/true', ...words, ''].join('\n'));
    const exposure = await exposureOf(unit);
    if (exposure === undefined) {
      t.log('not measured: this machine has no systemd-analyze (Debian package systemd)');
      return t.pass();
    }
    t.is(exposure.complaints, '', 'systemd knows each restriction');
    t.true(exposure.level <= most, `${exposure.level}`);
  });
}
