// Somebody speaks in the name of a node that is up. The node keeps all it has, and one line tells of it; a node that loses
// its power begins anew all the same.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { encodeDhcp } from '../../../agent/protocol/dhcp/encode.ts';
import type { DhcpPacket } from '../../../agent/protocol/dhcp/packet.ts';
import { dhcpRequest, rawUserClass } from '../../../lab/clients/dhcp-packets.ts';
import { TAKE_ADDRESS } from '../../../lab/clients/take-address.ts';
import type { Lab } from '../../../lab/lab.ts';
import { waitForText } from '../../../lab/machines/wait-for-text.ts';
import { ip } from '../../../lab/network/ip.ts';
import { Background } from '../../../lab/programs/background.ts';
import { succeed } from '../../../lab/programs/run-program.ts';
import { BOOTABLE, makeLayout, tar } from '../../support/images/tar.ts';
import { eventually, openLab } from '../../support/lab.ts';
import { type Namespace, plugMachine } from '../../support/namespace.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const SERVER = '192.168.152.1';
const MAC = '52:54:00:00:0a:01';
const LOADER = join(import.meta.dirname, '../../../lab/firmware/loader.sh');
const loader = rawUserClass('walt.node.pc-x86-64');

async function plug(
  t: ExecutionContext,
  lab: Lab,
  card: { readonly name: string; readonly mac: string },
) {
  const machine = await plugMachine(lab.namespace, {
    name: `walt-lab-forge${card.name}-${process.pid}`,
    card: { ...card, port: `port-${card.name}` },
  });
  t.teardown(() => machine.remove());
  return machine;
}

/** Sends a DHCP packet as it is, to everybody. */
async function send(machine: Namespace, file: string, packet: DhcpPacket): Promise<void> {
  await writeFile(file, encodeDhcp(packet));
  const to = 'UDP4-DATAGRAM:255.255.255.255:67,broadcast,sp=68,reuseaddr,so-bindtodevice=card';
  await succeed(machine.command(['socat', '-u', `FILE:${file}`, to]));
}

test('a node that is up keeps what it has, whoever speaks in its name', async (t) => {
  t.timeout(5 * 60_000);
  const lab = await openLab(t, 'forge', { images: { registries: [] } });
  const folder = await temporaryFolder(t);
  const pc = await plug(t, lab, { name: 'pc', mac: MAC });
  const hostile = await plug(t, lab, { name: 'card', mac: '52:54:00:00:0a:66' });
  await ip('-n', hostile.name, 'address', 'add', '192.168.152.66/24', 'dev', 'card');
  await lab.startServer();
  const layout = await makeLayout(join(folder, 'made'), [tar(BOOTABLE)]);
  await lab.walt('image', 'import', layout, '--name', 'waltplatform/pc-x86-64-default');
  const boot = () => {
    const machine = new Background(pc.command(['sh', LOADER, 'pc', SERVER, TAKE_ADDRESS, folder]));
    t.teardown(() => machine.kill());
    return machine;
  };
  const running = boot();
  const booted = { what: 'the server', seconds: 60 };
  await waitForText(lab.serverLog, /node node-000a01 is booted/, booted);
  const shown = async () => {
    const { nodes } = JSON.parse(await lab.walt('node', 'show', '--all', '--json'));
    const { name, ip: address, state, since } = nodes[0];
    return { name, address, state, since };
  };
  const before = await shown();

  const file = join(folder, 'packet');
  const ofNode = { chaddr: MAC } as const;
  const chosen = { serverIdentifier: SERVER, requestedAddress: before.address } as const;
  for (const xid of [1, 2, 3]) {
    await send(hostile, file, dhcpRequest(loader, { ...ofNode, xid }));
    await send(
      hostile,
      file,
      dhcpRequest({ messageType: 'decline', ...chosen }, { ...ofNode, xid }),
    );
  }
  await waitForText(
    lab.serverLog,
    /ANOTHER MACHINE BOOTS WITH THE MAC OF NODE node-000a01/,
    booted,
  );
  // Once a machine that asks behind the others has its address, the server has read them all.
  const lease = ['udhcpc', '-i', 'card', '-n', '-q', '-f', '-s', TAKE_ADDRESS];
  await succeed(hostile.command(lease), { seconds: 30 });
  t.deepEqual(await shown(), before);
  const log = await lab.serverLog();
  t.is(log.match(/ANOTHER MACHINE/g)?.length, 1, 'one line for all the packets');
  t.notRegex(log, /is down|declined|in use by another machine/);

  // The power goes: nothing that the machine held says goodbye.
  await ip('-n', pc.name, 'link', 'set', 'pc', 'down');
  await ip('-n', pc.name, 'address', 'flush', 'dev', 'pc');
  await running.kill();
  await ip('-n', pc.name, 'link', 'set', 'pc', 'up');
  boot();
  await waitForText(
    lab.serverLog,
    /node node-000a01 is down \(cause: its boot loader asks for an address again/,
    booted,
  );
  await eventually(shown, ({ state, since }) => state === 'booted' && since > before.since, 60);
  t.is((await shown()).address, before.address);
});
