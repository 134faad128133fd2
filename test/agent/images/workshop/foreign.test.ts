import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { mountPoints } from '../../../../agent/host/mounting/unmount-below.ts';
import { makeRunnable } from '../../../../agent/images/workshop/foreign.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

const machine = 'x64';

test('makeRunnable() leaves alone what the processor runs, and what it does not know', async (t) => {
  const folder = await temporaryFolder(t);
  for (const architecture of ['amd64', '386', 'riscv64', '']) {
    await t.notThrowsAsync(
      makeRunnable(architecture, { machine, folder, descriptions: folder }),
      architecture,
    );
  }
});

test('makeRunnable() says what is missing for programs of another architecture', async (t) => {
  const folder = await temporaryFolder(t);
  const handler = join(folder, 'qemu-aarch64');
  const foreign = () => makeRunnable('arm64', { machine, folder, descriptions: folder });
  await t.throwsAsync(foreign(), { message: /is for arm64.*apt install qemu-user-static/ });
  await writeFile(handler, 'disabled\ninterpreter /usr/bin/qemu\nflags: F\n');
  await t.throwsAsync(foreign(), { message: /disabled: echo 1 > .*qemu-aarch64/ });
  await writeFile(handler, 'enabled\ninterpreter /usr/bin/qemu\nflags: OC\n');
  await t.throwsAsync(foreign(), { message: /lacks flag F/ });
  await writeFile(handler, 'enabled\ninterpreter /usr/bin/qemu\nflags: PF\n');
  await t.notThrowsAsync(foreign());
});

test('makeRunnable() tells the kernel of the emulator where nobody has', async (t) => {
  const folder = await temporaryFolder(t);
  const descriptions = await temporaryFolder(t);
  const line = ':qemu-arm:M::\\x7fELF:\\xff:/usr/libexec/arm-binfmt:PF';
  await writeFile(join(descriptions, 'qemu-arm.conf'), `# arm\n${line}\n`);
  await writeFile(join(folder, 'register'), '');
  const foreign = makeRunnable('arm', { machine, folder, descriptions });
  await t.throwsAsync(
    foreign,
    { message: /cannot run its programs/ },
    'the kernel did not take it',
  );
  t.is(await readFile(join(folder, 'register'), 'utf8'), line);
});

test('mountPoints() reads paths with spaces', (t) => {
  const text =
    '22 1 8:1 / / rw shared:1 - ext4 /dev/a rw\n40 22 0:9 / /tmp/a\\040b rw - overlay o rw\n';
  t.deepEqual(mountPoints(text), ['/', '/tmp/a b']);
});
