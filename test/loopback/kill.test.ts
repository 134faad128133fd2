// The server is killed at any moment: what it had acknowledged to a device is still so afterwards.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import test from 'ava';
import { runProgram } from '../../lab/programs/run-program.ts';
import { randomNumbers } from '../../lab/random-numbers.ts';
import { openLab } from '../support/lab.ts';
import { createNamespace } from '../support/namespace.ts';

const ROUNDS = 5;

test('nothing acknowledged to a device is lost when the server is killed', async (t) => {
  t.timeout(10 * 60_000);
  const lab = await openLab(t, 'kill');
  const clients = await createNamespace(`walt-lab-killc-${process.pid}`, {
    bridge: 'idle',
    address: '10.9.8.1/24',
  });
  t.teardown(() => clients.remove());
  const peer = ['peer', 'name', 'card', 'netns', clients.name];
  for (const args of [
    ['-n', lab.namespace.name, 'link', 'add', 'port', 'type', 'veth', ...peer],
    ['-n', lab.namespace.name, 'link', 'set', 'port', 'master', 'walt-net', 'up'],
    ['-n', clients.name, 'link', 'set', 'card', 'up'],
    ['-n', clients.name, 'address', 'add', '10.9.9.1/24', 'dev', 'card'],
    ['-n', clients.name, 'route', 'add', 'default', 'dev', 'card'],
  ]) {
    const { code, said } = await runProgram(['ip', ...args]);
    t.is(code, 0, said);
  }

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
    for (const [, mac = '', ip = ''] of said.matchAll(/^ack (\S+) (\S+)\n/gm)) granted.set(mac, ip);
    await lab.startServer();
  }

  const { devices } = JSON.parse(await lab.walt('device', 'show', '--json'));
  const known = new Map(devices.map(({ mac, ip }: { mac: string; ip: string }) => [mac, ip]));
  t.true(granted.size >= ROUNDS, `${granted.size} addresses were granted`);
  for (const [mac, ip] of granted) t.is(known.get(mac), ip, mac);
  t.is(new Set(known.values()).size, known.size, 'no address twice');
});
