// A machine that loads its kernel, and then begins anew: the server says so, also when it was killed meanwhile.
import { join } from 'node:path';
import test from 'ava';
import { TAKE_ADDRESS } from '../../../lab/clients/take-address.ts';
import { waitForText } from '../../../lab/machines/wait-for-text.ts';
import { succeed } from '../../../lab/programs/run-program.ts';
import { BOOTABLE, makeLayout, tar } from '../../support/images/tar.ts';
import { openLab } from '../../support/lab.ts';
import { plugMachine } from '../../support/namespace.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const SERVER = '192.168.152.1';
const NODE = 'node-000f11';

/** A boot loader, and a kernel that does not get on. */
const BOOT = `
udhcpc -i card -n -q -f -t 10 -T 1 -s "$1" -V walt.node.pc-x86-64
for file in start.ipxe kernel; do
	curl --silent --fail --max-time 20 --output /dev/null "tftp://$2/$file"
done`;

test('a node that boots again and again without coming up is in the log, with the reason', async (t) => {
  t.timeout(5 * 60_000);
  const lab = await openLab(t, 'failing');
  const layout = await makeLayout(join(await temporaryFolder(t), 'made'), [tar(BOOTABLE)]);
  const machine = await plugMachine(lab.namespace, {
    name: `walt-lab-failingc-${process.pid}`,
    card: { name: 'card', mac: '52:54:00:00:0f:11', port: 'port' },
  });
  t.teardown(() => machine.remove());
  const boot = () =>
    succeed(machine.command(['sh', '-ec', BOOT, 'sh', TAKE_ADDRESS, SERVER]), { seconds: 120 });

  await lab.startServer();
  await lab.walt('image', 'import', layout, '--name', 'waltplatform/pc-x86-64-default:latest');
  for (let time = 1; time <= 3; time += 1) await boot();
  t.notRegex(await lab.walt('node', 'show', NODE), /does not come up/);
  await lab.endServer('SIGKILL');
  await lab.startServer();
  await boot();
  const line =
    /node node-000f11 does not come up: this is boot 4 in a row; each of the last 3 ended .*/;
  await waitForText(lab.serverLog, line, { what: 'the server', seconds: 60 });
  const reason =
    'this is boot 4 in a row; each of the last 3 ended while it loaded files (last asked for kernel by tftp: complete)';
  t.true((await lab.walt('log', 'show', '--platform')).includes(`does not come up: ${reason}`));
  t.true((await lab.walt('node', 'show', NODE)).includes(`\nit does not come up: ${reason}\n`));
});
