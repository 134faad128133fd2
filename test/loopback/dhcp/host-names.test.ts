// Real DHCP clients that tell the server their name.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { openDhcpLab } from '../../support/dhcp/lab.ts';

test.serial('a new device is called by the host name that its client tells', async (t) => {
  const lab = await openDhcpLab(t, `dh${process.pid}`);
  const web = await lab.addMachine('web');
  const plain = await lab.addMachine('plain');
  const again = await lab.addMachine('again');
  const server = await lab.startServer();
  const udhcpc = ['-f', '-q', '-n', '-t', '5', '-T', '1', '-s', lab.script];
  await web.run('udhcpc', '-i', 'web', ...udhcpc, '-x', 'hostname:Web-412');
  await server.waitFor(new RegExp(`new device name=web-412 type=unknown mac=${web.mac} `));
  await plain.run('udhcpc', '-i', 'plain', ...udhcpc, '-x', 'hostname:debian');
  await server.waitFor(new RegExp(`new device name=unknown-000c02 type=unknown mac=${plain.mac} `));

  const configuration = join(lab.folder, 'dhclient.conf');
  await writeFile(configuration, 'send host-name "WEB-412";\n');
  const files = ['-lf', join(lab.folder, 'leases'), '-pf', join(lab.folder, 'pid')];
  const client = again.start(
    'dhclient',
    '-d',
    '-cf',
    configuration,
    '-sf',
    lab.script,
    ...files,
    'again',
  );
  await client.waitFor(/now BOUND/);
  await server.waitFor(new RegExp(`new device name=unknown-000c03 type=unknown mac=${again.mac} `));
  t.deepEqual(server.said.match(/(?<=new device name=)\S+/g), [
    'web-412',
    'unknown-000c02',
    'unknown-000c03',
  ]);
});
