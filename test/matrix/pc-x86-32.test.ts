// An old PC from the stick as it ships, on a processor without 64-bit mode, until it is booted in its default image.
import { join } from 'node:path';
import test from 'ava';
import { eventually, openLab } from '../support/lab.ts';

const IMAGE = join(import.meta.dirname, '../../release/dist/images/pc-x86-32.oci.tar');

test.serial('a BIOS PC with a 32-bit CPU boots the pc-x86-32 image from the stick', async (t) => {
  t.timeout(30 * 60_000);
  const lab = await openLab(t, 'pc32');
  await lab.startServer();
  await lab.walt('image', 'import', IMAGE);
  const mac = '52:54:00:00:32:01';
  await lab.startPc({ name: 'pc32', mac, firmware: 'bios', cpu: 'qemu32' });
  await eventually(
    () => lab.walt('device', 'show'),
    (text) => text.includes('node-003201'),
    300,
  );
  await lab.walt('node', 'wait', 'node-003201', '--timeout', '900');
  const { stages } = JSON.parse(await lab.walt('node', 'show', 'node-003201', '--json'));
  const kinds = stages.map(({ stage }: { stage: string }) => stage);
  t.deepEqual([...new Set(kinds)], ['dhcp', 'file', 'mounted', 'booted']);
  t.regex(await lab.ssh('192.168.152.2', 'uname -m; dpkg --print-architecture'), /^i686\ni386$/m);
  t.is(await lab.ssh('192.168.152.2', 'systemctl --failed --no-legend'), '');
});
