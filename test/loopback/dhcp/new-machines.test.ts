// Three thousand new machines at once: each gets an address of its own, which the server has asked for twice, and none that somebody has.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import test from 'ava';
import { decodeArp } from '../../../agent/protocol/ethernet/arp.ts';
import { ip } from '../../../lab/network/ip.ts';
import { openWire } from '../../../lab/network/wire.ts';
import { eventually, openLab } from '../../support/lab.ts';
import { plugMachine } from '../../support/namespace.ts';

const STORM = join(import.meta.dirname, '../../../lab/clients/dhcp-storm.ts');
const MACHINES = 3000;
const ARP = 0x0806;
/** Somebody has it without asking. */
const TAKEN = '192.168.160.7';

for (const batches of [true, false]) {
  test.serial(
    `new machines by the thousand get proved addresses, with batches: ${batches}`,
    async (t) => {
      t.timeout(5 * 60_000);
      const network = { address: '192.168.160.1/20', batches };
      const lab = await openLab(t, `news${batches}`, { network, images: { registries: [] } });
      const machines = await plugMachine(lab.namespace, {
        name: `walt-lab-news${batches}c-${process.pid}`,
        card: { name: 'card', mac: '52:54:01:00:0d:02', port: 'port' },
      });
      t.teardown(() => machines.remove());
      await ip('-n', machines.name, 'address', 'add', `${TAKEN}/20`, 'dev', 'card');
      await ip('-n', machines.name, 'route', 'add', 'default', 'dev', 'card');
      const asked = new Map<string, number>();
      const wire = await openWire('card', { command: machines.command, hears: ARP });
      t.teardown(() => wire.close());
      wire.listen(({ payload }) => {
        const { senderIp, targetIp } = decodeArp(payload);
        if (senderIp === '0.0.0.0') asked.set(targetIp, (asked.get(targetIp) ?? 0) + 1);
      });
      await ip('-n', lab.namespace.name, 'address', 'add', network.address, 'dev', 'walt-net');
      await lab.startServer();

      const argv = machines.command([process.execPath, STORM, '1', String(MACHINES), '200']);
      const storm = spawn(argv[0] ?? '', argv.slice(1), { stdio: ['ignore', 'pipe', 'inherit'] });
      let said = '';
      storm.stdout.on('data', (bytes) => {
        said += bytes;
      });
      const granted = () => [...said.matchAll(/^ack \S+ (\S+)\n/gm)].map(([, got = '']) => got);
      await eventually(
        async () => granted().length,
        (count) => count >= MACHINES,
        200,
      );
      const ended = once(storm, 'close');
      storm.kill('SIGKILL');
      await ended;
      const addresses = granted();
      t.is(new Set(addresses).size, addresses.length, 'each has one of its own');
      t.false(addresses.includes(TAKEN));
      t.true((asked.get(TAKEN) ?? 0) > 0, 'somebody answered for it');
      // What the network was asked comes by a pipe.
      await eventually(
        async () => addresses.filter((address) => (asked.get(address) ?? 0) < 2),
        (unproved) => unproved.length === 0,
        20,
      );
    },
  );
}
