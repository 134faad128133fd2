// Somebody makes up machines until no address is left. They keep no real machine out for longer than a minute.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import test from 'ava';
import { TAKE_ADDRESS } from '../../../lab/clients/take-address.ts';
import { waitForText } from '../../../lab/machines/wait-for-text.ts';
import { ip } from '../../../lab/network/ip.ts';
import { succeed } from '../../../lab/programs/run-program.ts';
import { eventually, openLab } from '../../support/lab.ts';
import { plugMachine } from '../../support/namespace.ts';

const STORM = join(import.meta.dirname, '../../../lab/clients/dhcp-storm.ts');
/** A /24 without its two ends and the server. */
const ADDRESSES = 253;

test('machines that never were there make room for one that is', async (t) => {
  t.timeout(5 * 60_000);
  const lab = await openLab(t, 'madeup', { images: { registries: [] } });
  const clients = await plugMachine(lab.namespace, {
    name: `walt-lab-madeupc-${process.pid}`,
    card: { name: 'card', mac: '52:54:00:00:0d:02', port: 'port' },
  });
  t.teardown(() => clients.remove());
  await ip('-n', clients.name, 'address', 'add', '10.9.8.1/24', 'dev', 'card');
  await ip('-n', clients.name, 'route', 'add', 'default', 'dev', 'card');
  await lab.startServer();

  const [file = '', ...args] = clients.command([process.execPath, STORM, '1', '64', '60']);
  const storm = spawn(file, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  let said = '';
  storm.stdout.on('data', (bytes) => {
    said += bytes;
  });
  const granted = () => new Set([...said.matchAll(/^ack \S+ (\S+)\n/gm)].map(([, got]) => got));
  await eventually(
    async () => granted().size,
    (count) => count === ADDRESSES,
    60,
  );
  const ended = once(storm, 'close');
  storm.kill('SIGKILL');
  await ended;
  t.notRegex(await lab.serverLog(), /forgot/, 'boards that come at once all have their address');

  const board = ['udhcpc', '-i', 'card', '-n', '-q', '-f', '-t', '150', '-T', '1'];
  const loader = [...board, '-s', TAKE_ADDRESS, '-V', 'walt.node.pc-x86-64'];
  await succeed(clients.command(loader), { seconds: 200 });
  await waitForText(
    lab.serverLog,
    /forgot unknown-\w+ mac=\S+, unknown-\w+ mac=\S+, unknown-\w+ mac=\S+ and \d+ more, which never asked/,
    { what: 'the server', seconds: 10 },
  );
  const { devices } = JSON.parse(await lab.walt('device', 'show', '--json'));
  t.true(devices.some(({ mac }: { mac: string }) => mac === '52:54:00:00:0d:02'));
  t.true(devices.length > 180, 'no more of them go than have to');
  await lab.walt('device', 'forget', 'unknown-000d02');
});
