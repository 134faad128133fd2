// The first machine of a model comes while the registry is away: nobody touches anything, and it ends up booted.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { TAKE_ADDRESS } from '../../../lab/clients/take-address.ts';
import { waitForText } from '../../../lab/machines/wait-for-text.ts';
import { Background } from '../../../lab/programs/background.ts';
import { startRegistry } from '../../../lab/servers/oci-registry.ts';
import { BOOTABLE, makeLayout, tar } from '../../support/images/tar.ts';
import { openLab } from '../../support/lab.ts';
import { plugMachine } from '../../support/namespace.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const SERVER = '192.168.152.1';
const NAME = 'waltplatform/pc-x86-64-default:latest';
const LOADER = join(import.meta.dirname, '../../../lab/firmware/loader.sh');

test('a machine whose image comes late boots by itself', async (t) => {
  t.timeout(5 * 60_000);
  const lab = await openLab(t, 'first', {
    images: { registries: [{ name: 'lab', address: '127.0.0.1:5000', http: true }] },
  });
  const folder = await temporaryFolder(t);
  const layout = await makeLayout(join(folder, 'made'), [tar(BOOTABLE)]);
  const within = (argv: readonly string[]) => lab.namespace.command([...argv]);
  const open = () => startRegistry(join(folder, 'registry'), { port: 5000, within });
  const before = await open();
  await before.push(layout, NAME);
  await before.stop();

  const machines = await plugMachine(lab.namespace, {
    name: `walt-lab-firstc-${process.pid}`,
    card: { name: 'card', mac: '52:54:00:00:0f:01', port: 'port' },
  });
  t.teardown(() => machines.remove());

  await lab.startServer();
  const loader = new Background(
    machines.command(['sh', LOADER, 'card', SERVER, TAKE_ADDRESS, folder]),
  );
  t.teardown(() => loader.kill());
  const late = { what: 'the server', seconds: 60 };
  await waitForText(
    lab.serverLog,
    /lab: 127\.0\.0\.1:5000: .*nothing listens there.*next try in/,
    late,
  );
  const { devices } = JSON.parse(await lab.walt('device', 'show', '--json'));
  const device = devices.find(({ mac }: { mac: string }) => mac === '52:54:00:00:0f:01');
  t.is(device.type, 'unknown');
  t.regex(device.note, /^no image for model pc-x86-64 yet: .*nothing listens there/);
  await loader.waitFor(/retry: echo \*\* The WalT server has no image for model pc-x86-64 yet/);

  const registry = await open();
  t.teardown(registry.stop);
  await waitForText(lab.serverLog, /new node \(device type previously unknown\)/, {
    what: 'the server',
    seconds: 120,
  });
  await lab.walt('node', 'wait', 'node-000f01', '--timeout', '60');
  await waitForText(lab.serverLog, /node node-000f01 is booted/, {
    what: 'the server',
    seconds: 10,
  });
  t.is(await readFile(join(folder, 'kernel'), 'utf8'), 'kernel');
  t.regex(loader.said, /fetched the kernel/);
  const log = await lab.serverLog();
  t.regex(log, /image waltplatform\/pc-x86-64-default:latest: fetching 127\.0\.0\.1:5000/);
});
