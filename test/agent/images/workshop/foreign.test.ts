import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { checkRunnable } from '../../../../agent/images/workshop/foreign.ts';
import { mountPoints } from '../../../../agent/images/workshop/unmount.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

test('checkRunnable() names the packages that let programs of another architecture run', async (t) => {
  const folder = await temporaryFolder(t);
  const machine = 'x64';
  for (const architecture of ['amd64', '386', 'riscv64', '']) {
    await t.notThrowsAsync(checkRunnable(architecture, { machine, folder }), architecture);
  }
  const foreign = () => checkRunnable('arm64', { machine, folder });
  await t.throwsAsync(foreign(), { message: /is for arm64.*apt install qemu-user-static/ });
  await writeFile(join(folder, 'qemu-aarch64'), 'disabled\ninterpreter /usr/bin/qemu\n');
  await t.throwsAsync(foreign());
  await writeFile(join(folder, 'qemu-aarch64'), 'enabled\ninterpreter /usr/bin/qemu\n');
  await t.notThrowsAsync(foreign());
});

test('mountPoints() reads paths with spaces', (t) => {
  const text =
    '22 1 8:1 / / rw shared:1 - ext4 /dev/a rw\n40 22 0:9 / /tmp/a\\040b rw - overlay o rw\n';
  t.deepEqual(mountPoints(text), ['/', '/tmp/a b']);
});
