// What stands over the login prompt of a node, and what who logs in reads: from the real server, with the real busybox.
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { LEASE } from '../../lab/clients/take-address.ts';
import { succeed } from '../../lab/programs/run-program.ts';
import { BOOTABLE, makeLayout, tar } from '../support/images/tar.ts';
import { openLab } from '../support/lab.ts';
import { type Namespace, plugMachine } from '../support/namespace.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { createNodeSide } from './keepers.ts';
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
  t.notRegex(stranger, /Image |To log in|as root/);

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
      'To log in from the server: walt node shell pc-412-A\n' +
      `Or, as root there: ssh -i ${lab.folder}/state/ssh/id_ed25519 root@${ip}\n\n`,
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

test('a node asks again what it is where an answer is lost, not where the server refuses', async (t) => {
  let asked = 0;
  let status = 200;
  const server = createServer((request, response) => {
    asked += 1;
    if (asked === 1) return request.socket.destroy();
    return response.writeHead(status).end(status === 200 ? 'name=pc\n' : '');
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  t.teardown(() => server.close());
  const { port } = server.address() as AddressInfo;
  const node = await createNodeSide(`quiet walt.server.ip=127.0.0.1:${port}`);
  t.teardown(() => node.remove());
  const file = (name: string) => join(node.folder, name);
  const ask = async () => {
    await writeFile(file('kmsg'), '');
    const env = { WALT_FACTS: file('facts'), WALT_FACTS_WHY: file('why') };
    t.deepEqual(await once(node.start('walt-learn-facts', { env }), 'exit'), [0, null]);
    return [await readFile(file('facts'), 'utf8'), await readFile(file('kmsg'), 'utf8')];
  };
  t.deepEqual(await ask(), ['name=pc\n', '']);
  t.is(asked, 2);
  status = 404;
  const [facts, said = ''] = await ask();
  t.is(facts, '');
  t.regex(said, /walt: the server did not say what this node is, .*HTTP\/1\.[01] 404/);
  t.is(asked, 3);
});
