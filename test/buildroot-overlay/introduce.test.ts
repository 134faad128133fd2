// What stands over the login prompt of a node, and what who logs in reads: from the real server, with the real busybox.
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { LEASE } from '../../lab/clients/take-address.ts';
import { succeed } from '../../lab/programs/run-program.ts';
import { BOOTABLE, makeLayout, tar } from '../support/images/tar.ts';
import { openLab } from '../support/lab.ts';
import { type Namespace, plugMachine } from '../support/namespace.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { createNodeImage } from './node-image.ts';

const SERVER = '192.168.152.1';
const CMDLINE = `quiet walt.server.ip=${SERVER} walt.node.model=pc-x86-64 ip=192.0.2.7:::255.255.255.0:alone::off`;
const REPORT =
  'for what in issue motd; do echo "$what:"; [ ! -f /etc/$what ] || cat /etc/$what; done; echo "report ends"';
const FILES = 'echo "The image says hello." | tee etc/issue >etc/motd';

async function boot(
  t: ExecutionContext,
  { machine, prepare }: { readonly machine: Namespace; readonly prepare: string },
): Promise<string> {
  const image = await createNodeImage({ init: REPORT, cmdline: CMDLINE, machine });
  t.teardown(() => image.remove());
  await image.prepare(prepare);
  const said = await image.boot(/report ends|cannot start/);
  await image.end();
  return said;
}

test('a node says what it is, on its screen and to who logs in', async (t) => {
  t.timeout(5 * 60_000);
  const lab = await openLab(t, 'intro', { images: { registries: [] } });
  const folder = await temporaryFolder(t);
  const machine = await plugMachine(lab.namespace, {
    name: `walt-lab-introc-${process.pid}`,
    card: { name: 'card', mac: '52:54:00:00:1e:01', port: 'port' },
  });
  t.teardown(() => machine.remove());
  await lab.startServer();
  const stranger = await boot(t, { machine, prepare: FILES });
  t.regex(
    stranger,
    /WalT node alone, 192\.0\.2\.7 \(pc-x86-64\)\n\n/,
    'the command line has as much',
  );
  t.notRegex(stranger, /Image |To log in/);

  const layout = await makeLayout(join(folder, 'made'), [tar(BOOTABLE)]);
  await lab.walt('image', 'import', layout, '--name', 'waltplatform/pc-x86-64-default');
  await succeed(machine.command([...LEASE, '-V', 'walt.node.pc-x86-64']), { seconds: 30 });
  await lab.walt('device', 'rename', 'node-001e01', 'pc-412-A');
  const { nodes } = JSON.parse(await lab.walt('node', 'show', '--all', '--json'));
  const [{ ip }] = nodes;
  const said = await boot(t, { machine, prepare: FILES });
  const [issue = '', motd = ''] = said.slice(said.indexOf('issue:')).split('motd:');
  t.is(
    issue,
    `issue:\nThe image says hello.\nWalT node pc-412-A, ${ip} (pc-x86-64)\n` +
      'Image waltplatform/pc-x86-64-default:latest, owner nobody\n' +
      `To log in from the server: ssh -i ${lab.folder}/state/ssh/id_ed25519 root@${ip}\n\n`,
  );
  t.regex(
    motd,
    /The image says hello\.\nThis is pc-412-A \(.*\), a node of WalT, model pc-x86-64\./,
  );
  t.regex(motd, /in memory, and gone at the next reboot\.\nTo keep something, change the image/);

  for (const prepare of [
    'true',
    'mkfifo etc/issue etc/motd',
    'mkdir etc/issue; ln -s /no/where etc/motd',
  ]) {
    t.notRegex(await boot(t, { machine, prepare }), /WalT node|cannot start/, prepare);
  }
});
