import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { identify } from '../../../../../agent/host/processes/process-identity.ts';
import { machineFiles } from '../../../../../agent/machines/kept/machine-files.ts';
import {
  killQemu,
  qemuPid,
  startQemu,
} from '../../../../../agent/machines/kept/qemu/qemu-process.ts';
import { qmpOption } from '../../../../../agent/machines/qemu-arguments.ts';
import { temporaryFolder } from '../../../../support/temporary-folder.ts';

const MAC = '52:54:00:00:00:01';

test('startQemu() and killQemu() know their QEMU where the path of its folder has commas and spaces', async (t) => {
  const files = machineFiles(join(await temporaryFolder(t), 'a, b,c'), MAC);
  await mkdir(files.folder, { recursive: true });
  const nothing = ['-nodefaults', '-display', 'none', '-machine', 'none', '-S'];
  await startQemu(files, ['qemu-system-x86_64', ...nothing, '-qmp', qmpOption(files.qmp)]);
  const pid = (await qemuPid(files)) ?? 0;
  t.true(pid > 1);
  await killQemu(files);
  t.is(await identify(pid), undefined);
});

test('startQemu() waits for a QEMU that is kept from its processor', async (t) => {
  const files = machineFiles(await temporaryFolder(t), MAC);
  await mkdir(files.folder, { recursive: true });
  const nothing = ['-nodefaults', '-display', 'none', '-machine', 'none', '-S'];
  const late = ['sh', '-c', 'sleep 1; exec "$0" "$@"', 'qemu-system-x86_64'];
  await startQemu(files, [...late, ...nothing, '-qmp', qmpOption(files.qmp)]);
  t.true(((await qemuPid(files)) ?? 0) > 1);
  await killQemu(files);
});

test('startQemu() says at once what a QEMU said that ended, and takes no number of an earlier one for its own', async (t) => {
  const files = machineFiles(await temporaryFolder(t), MAC);
  await mkdir(files.folder, { recursive: true });
  await writeFile(files.pid, `${process.pid}\n`);
  const fails = ['sh', '-c', 'echo it does not go >&2; exit 1', 'qemu-system-x86_64'];
  const starting = startQemu(files, [...fails, '-qmp', qmpOption(files.qmp)]);
  await t.throwsAsync(starting, { message: 'it does not go' });
});

test('qemuPid() takes no other process for QEMU, and killQemu() leaves it alone', async (t) => {
  const files = machineFiles(await temporaryFolder(t), MAC);
  await mkdir(files.folder, { recursive: true });
  const other = spawn('sleep', ['600'], { stdio: 'ignore' });
  await once(other, 'spawn');
  t.teardown(() => other.kill('SIGKILL'));
  for (const text of [`${other.pid}`, '1', '0', '-1', 'pid', '', '1e3', `${process.pid}\n`]) {
    await writeFile(files.pid, text);
    t.is(await qemuPid(files), undefined, text);
    await killQemu(files);
  }
  t.is(other.exitCode ?? other.signalCode, null);
});
