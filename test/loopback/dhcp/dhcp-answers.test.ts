// Messages that clients send otherwise than the RFC has it, on a real wire: the answer reaches them.
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { decodeDhcp } from '../../../agent/protocol/dhcp/decode.ts';
import { encodeDhcp } from '../../../agent/protocol/dhcp/encode.ts';
import type { DhcpPacket } from '../../../agent/protocol/dhcp/packet.ts';
import { dhcpRequest } from '../../../lab/clients/dhcp-packets.ts';
import { type DhcpLab, type Machine, openDhcpLab } from '../../support/dhcp/lab.ts';

/** Sends a packet from `source`, port 68, to everybody, and reads what comes back within seconds. */
async function ask(
  { folder }: DhcpLab,
  { card, run }: Machine,
  { packet, source }: { readonly packet: DhcpPacket; readonly source: string },
): Promise<DhcpPacket> {
  const [question, answer] = [join(folder, 'question'), join(folder, 'answer')];
  await writeFile(question, encodeDhcp(packet));
  const to = `UDP4-DATAGRAM:255.255.255.255:67,bind=${source}:68,broadcast,so-bindtodevice=${card}`;
  await run('sh', '-c', `socat -t 3 - ${to} < ${question} > ${answer}`);
  return decodeDhcp(await readFile(answer));
}

test.serial('an INFORM without ciaddr is answered where it came from', async (t) => {
  const lab = await openDhcpLab(t, `dn${process.pid}`);
  const pc = await lab.addMachine('pc');
  await lab.startServer();
  await pc.run('ip', 'address', 'add', '192.168.152.40/24', 'dev', 'pc');
  const packet = dhcpRequest({ messageType: 'inform' }, { chaddr: pc.mac });
  const answer = await ask(lab, pc, { packet, source: '192.168.152.40' });
  t.like(answer, { yiaddr: '0.0.0.0', xid: packet.xid });
  t.like(answer.options, { messageType: 'ack', subnetMask: '255.255.255.0' });
  t.is(answer.options.leaseTime, undefined);
});

test.serial('a client that has the offered address in ciaddr already gets its ACK', async (t) => {
  const lab = await openDhcpLab(t, `ds${process.pid}`);
  const pc = await lab.addMachine('pc');
  await lab.startServer();
  const source = '0.0.0.0';
  const discover = dhcpRequest({}, { chaddr: pc.mac });
  const { yiaddr } = await ask(lab, pc, { packet: discover, source });
  const packet = dhcpRequest(
    { messageType: 'request', serverIdentifier: '192.168.152.1', requestedAddress: yiaddr },
    { chaddr: pc.mac, ciaddr: yiaddr },
  );
  const answer = await ask(lab, pc, { packet, source });
  t.like(answer, { yiaddr, xid: packet.xid });
  t.is(answer.options.messageType, 'ack');
});
