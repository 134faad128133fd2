// An image in the manner of existing WalT images on the running server: a machine of the network gets its scripts with the
// server's values by HTTP and TFTP, and its root by NFS under its address and its MAC.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { TAKE_ADDRESS } from '../../../lab/clients/take-address.ts';
import { runProgram } from '../../../lab/programs/run-program.ts';
import { makeLayout, tar } from '../../support/images/tar.ts';
import { WALT_STYLE } from '../../support/images/walt-style-image.ts';
import { asServerSees, eventually, openLab } from '../../support/lab.ts';
import { plugMachine } from '../../support/namespace.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const SERVER = '192.168.152.1';
const MAC = '52:54:00:00:07:05';

test('a machine gets an existing image with the values of this server, by HTTP, TFTP and NFS', async (t) => {
  t.timeout(5 * 60_000);
  const lab = await openLab(t, 'style', { log: { debug: true } });
  const folder = await temporaryFolder(t);
  const layout = await makeLayout(join(folder, 'made'), [tar(WALT_STYLE)]);
  const setMac = ['-n', lab.namespace.name, 'link', 'set', 'walt-net', 'address'];
  await runProgram(['ip', ...setMac, '02:00:00:00:00:98']);
  await lab.startServer();
  await lab.walt('image', 'import', layout, '--name', 'waltplatform/pc-x86-64-default:latest');
  t.regex(await lab.serverLog(), /ignored .*offers feature nbfs/);
  const images = join(lab.folder, 'state/images');
  const [key = ''] = await readdir(images);
  const root = await asServerSees(lab, join(images, key, 'fs'));
  const text = await readFile(join(root, 'boot/common-ipxe/server-params.ipxe'), 'utf8');
  t.regex(text, /server_mac 02:00:00:00:00:98/, 'though no machine is plugged in yet');

  const machine = await plugMachine(lab.namespace, {
    name: `walt-lab-stylec-${process.pid}`,
    card: { name: 'card', mac: MAC, port: 'port' },
  });
  t.teardown(() => machine.remove());
  await runProgram(['ip', ...setMac, '02:00:00:00:00:99']);
  await eventually(lab.serverLog, (log) => /MAC of 192\.168\.152\.1 is 02:.*:99 now/.test(log), 60);

  const run = (...argv: string[]) => runProgram(machine.command(argv), { seconds: 60 });
  const asking = ['-n', '-q', '-f', '-t', '10', '-T', '1', '-V', 'walt.node.pc-x86-64'];
  const lease = await run('udhcpc', '-i', 'card', ...asking, '-s', TAKE_ADDRESS);
  t.is(lease.code, 0, lease.said);
  const { devices } = JSON.parse(await lab.walt('device', 'show', '--json'));
  const { ip } = devices.find(({ mac }: { mac: string }) => mac === MAC);

  const params = `#!ipxe\nset server_mac 02:00:00:00:00:99\nset server_ip ${SERVER}\n`;
  const fetch = async (url: string) =>
    (await run('curl', '--silent', '--show-error', '--max-time', '20', url)).stdout.toString();
  t.is(await fetch(`http://${SERVER}/boot/server-params.ipxe?node_ip=${ip}`), params);
  t.is(await fetch(`tftp://${SERVER}/server-params.ipxe`), params);
  const hpa = join(folder, 'hpa');
  await run('tftp', '-m', 'binary', SERVER, '-c', 'get', '/start-generic-2.ipxe', hpa);
  t.regex(await readFile(hpa, 'utf8'), /^#!ipxe\nchain \$\{urlprefix\}\/server-params\.ipxe\n/);

  for (const name of [ip, MAC]) {
    for (const version of [3, 4]) {
      const url = `nfs://${SERVER}/var/lib/walt/nodes/${name}/fs/etc/ntp.conf?version=${version}`;
      // As a node does: the NFS server is told of it when it has its first file, a moment before.
      const served = await eventually(
        async () => (await run('timeout', '20', 'nfs-cat', url)).stdout.toString(),
        (said) => said !== '',
        20,
      );
      t.regex(served, /^server 192\.168\.152\.1\n# 100% of [0-9a-f]{64}\n$/);
    }
  }
});
