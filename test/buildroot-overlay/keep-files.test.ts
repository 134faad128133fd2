// A node that cannot mount /persist boots all the same, and says so: the server has been told that it should. Setting `swap` is
// never tried here: the kernel is that of this machine, which would get the swap.
import { join } from 'node:path';
import test from 'ava';
import { LEASE } from '../../lab/clients/take-address.ts';
import { succeed } from '../../lab/programs/run-program.ts';
import { BOOTABLE, makeLayout, tar } from '../support/images/tar.ts';
import { openLab } from '../support/lab.ts';
import { plugMachine } from '../support/namespace.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { createNodeImage } from './node-image.ts';

const SERVER = '192.168.152.1';
test('a node whose kernel has no NFSv3 boots without what it should keep', async (t) => {
  t.timeout(5 * 60_000);
  const lab = await openLab(t, 'keep', { images: { registries: [] }, persist: { megabytes: 16 } });
  const folder = await temporaryFolder(t);
  const machine = await plugMachine(lab.namespace, {
    name: `walt-lab-keepc-${process.pid}`,
    card: { name: 'card', mac: '52:54:00:00:1f:01', port: 'port' },
  });
  t.teardown(() => machine.remove());
  await lab.startServer();
  const layout = await makeLayout(join(folder, 'made'), [tar(BOOTABLE)]);
  await lab.walt('image', 'import', layout, '--name', 'waltplatform/pc-x86-64-default');
  await succeed(machine.command([...LEASE, '-V', 'walt.node.pc-x86-64']), { seconds: 30 });
  await lab.walt('node', 'config', 'node-001f01', 'mount.persist=true');

  const image = await createNodeImage({
    init: 'cat /run/walt/facts /etc/motd; echo "report ends"',
    cmdline: `quiet walt.server.ip=${SERVER}`,
    machine,
  });
  t.teardown(() => image.remove());
  await image.prepare('touch etc/motd; ln -s /etc persist');
  const said = await image.boot(/report ends|cannot start/);
  t.regex(said, /walt: \/persist is not mounted: what is written there is gone at the next reboot/);
  t.regex(said, /^kept=yes\nswap=0$/m);
  t.notRegex(said, /stays on the server/);
});
