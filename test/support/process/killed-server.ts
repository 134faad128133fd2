// The server is killed again and again while new devices get their addresses: what it had acknowledged is still so afterwards.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ExecutionContext } from 'ava';
import type { Lab } from '../../../lab/lab.ts';
import { ip } from '../../../lab/network/ip.ts';
import { BRIDGE } from '../../../lab/network/namespace.ts';
import { randomNumbers } from '../../../lab/random-numbers.ts';
import { openLab } from '../lab.ts';
import { type Namespace, plugMachine } from '../namespace.ts';

const STORM = join(import.meta.dirname, '../../../lab/clients/dhcp-storm.ts');
/** Each round has MACs of its own. */
const MACS = 10_000;

type Load = {
  readonly rounds: number;
  /** clients that ask at the same time */
  readonly atOnce: number;
  /** bits of the network's prefix */
  readonly prefix: number;
  /** milliseconds under load before the server is killed, at most */
  readonly longestMs: number;
  /** false: each packet has a call of its own, and the handler of all messages answers all */
  readonly batches?: boolean;
};

/** @returns how many addresses were granted, in all rounds */
export async function killUnderLoad(
  t: ExecutionContext,
  name: string,
  { rounds, atOnce, prefix, longestMs, batches = true }: Load,
): Promise<number> {
  const address = `192.168.152.1/${prefix}`;
  const lab = await openLab(t, name, { network: { address, batches }, images: { registries: [] } });
  await ip('-n', lab.namespace.name, 'address', 'flush', 'dev', BRIDGE);
  await ip('-n', lab.namespace.name, 'address', 'add', address, 'dev', BRIDGE);
  const clients = await plugClients(t, lab, name);
  const granted = new Map<string, string>();
  const random = randomNumbers(152);
  await lab.startServer();
  for (let round = 0; round < rounds; round += 1) {
    const storm = [process.execPath, STORM, String(round * MACS), String(atOnce), '60'];
    const [file = '', ...args] = clients.command(storm);
    const child = spawn(file, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    let said = '';
    child.stdout.on('data', (bytes) => {
      said += bytes;
    });
    const closed = once(child, 'close');
    for (let tries = 0; !said.includes('ack') && tries < 1500; tries += 1) await sleep(20);
    await sleep(random() * longestMs);
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
  t.true(granted.size >= rounds, `${granted.size} addresses were granted`);
  for (const [mac, address] of granted) t.is(known.get(mac), address, mac);
  t.is(new Set(known.values()).size, known.size, 'no address twice');
  return granted.size;
}

/** A machine for many clients. */
export async function plugClients(t: ExecutionContext, lab: Lab, name: string): Promise<Namespace> {
  const clients = await plugMachine(lab.namespace, {
    name: `walt-lab-${name}c-${process.pid}`,
    card: { name: 'card', mac: '52:54:00:00:0d:01', port: 'port' },
  });
  t.teardown(() => clients.remove());
  await ip('-n', clients.name, 'address', 'add', '10.9.8.1/24', 'dev', 'card');
  await ip('-n', clients.name, 'route', 'add', 'default', 'dev', 'card');
  return clients;
}
