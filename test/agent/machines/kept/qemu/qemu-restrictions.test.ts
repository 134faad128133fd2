import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { QEMU_RESTRICTIONS } from '../../../../../agent/machines/kept/qemu/qemu-restrictions.ts';
import { temporaryFolder } from '../../../../support/temporary-folder.ts';
import { exposureOf } from '../../../../support/unit-exposure.ts';

test('the unit of a virtual machine is exposed by no more than 3', async (t) => {
  const unit = join(await temporaryFolder(t), 'walt-node-525400123456.service');
  await writeFile(unit, ['[Service]', 'ExecStart=/bin/true', ...QEMU_RESTRICTIONS, ''].join('\n'));
  const exposure = await exposureOf(unit);
  if (exposure === undefined) {
    t.log('not measured: this machine has no systemd-analyze (Debian package systemd)');
    return t.pass();
  }
  t.is(exposure.complaints, '', 'systemd knows each restriction');
  t.true(exposure.level <= 3, `${exposure.level}`);
});
