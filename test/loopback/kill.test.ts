// The server is killed at any moment: what it had acknowledged to a device is still so afterwards.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import test from 'ava';
import { ip } from '../../lab/network/ip.ts';
import { randomNumbers } from '../../lab/random-numbers.ts';
import { openLab } from '../support/lab.ts';
import { plugMachine } from '../support/namespace.ts';

const ROUNDS = 5;

test('nothing acknowledged to a device is lost when the server is killed', async (t) => {
  t.timeout(10 * 60_000);
  const lab = await openLab(t, 'kill');
  const clients = await plugMachine(lab.namespace, {
    name: `walt-lab-killc-${process.pid}`,
    card: { name: 'card', mac: '52:54:00:00:0d:01', port: 'port' },
  });
  t.teardown(() => clients.remove());
  await ip('-n', clients.name, 'address', 'add', '10.9.8.1/24', 'dev', 'card');
  await ip('-n', clients.name, 'route', 'add', 'default', 'dev', 'card');

  const granted = new Map<string, string>();
  const random = randomNumbers(152);
  await lab.startServer();
  for (let round = 0; round < ROUNDS; round += 1) {
    const program = join(import.meta.dirname, '../../lab/clients/dhcp-storm.ts');
    const storm = [process.execPath, program, String(round * 1000), '8', '30'];
    const [file = '', ...args] = clients.command(storm);
    const child = spawn(file, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    let said = '';
    child.stdout.on('data', (bytes) => {
      said += bytes;
    });
    const closed = once(child, 'close');
    for (let tries = 0; !said.includes('ack') && tries < 500; tries += 1) await sleep(20);
    await sleep(random() * 300);
    await lab.endServer('SIGKILL');
    await sleep(100);
    child.kill('SIGKILL');
    await closed;
    for (const [, mac = '', address = ''] of said.matchAll(/^ack (\S+) (\S+)\n/gm)) {
      granted.set(mac, address);
    }
    await lab.startServer();
  }

  const { devices } = JSON.parse(await lab.walt('device', 'show', '--json'));
  const known = new Map(devices.map(({ mac, ip }: { mac: string; ip: string }) => [mac, ip]));
  t.true(granted.size >= ROUNDS, `${granted.size} addresses were granted`);
  for (const [mac, address] of granted) t.is(known.get(mac), address, mac);
  t.is(new Set(known.values()).size, known.size, 'no address twice');
});
