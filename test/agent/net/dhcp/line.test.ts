import test from 'ava';
import {
  clientOf,
  type DhcpArrival,
  DhcpLine,
  dhcpArrival,
} from '../../../../agent/net/dhcp/line.ts';
import { decodeDhcp } from '../../../../agent/protocol/dhcp/decode.ts';
import { encodeDhcp } from '../../../../agent/protocol/dhcp/encode.ts';
import type { DhcpPacket } from '../../../../agent/protocol/dhcp/packet.ts';
import { dhcpRequest } from '../../../../lab/clients/dhcp-packets.ts';

const from = { address: '0.0.0.0', port: 68 };
const turn = () => new Promise((resolve) => setImmediate(resolve));
const mac = (client: number) => `52:54:00:00:${client > 255 ? '01' : '00'}:${hex(client & 255)}`;
const hex = (value: number) => value.toString(16).padStart(2, '0');

function arrival(
  client: number,
  messageType: 'discover' | 'request',
  fields: Partial<DhcpPacket> = {},
): DhcpArrival {
  const packet = dhcpRequest({ messageType }, { chaddr: mac(client), ...fields });
  return dhcpArrival(Buffer.from(encodeDhcp(packet)), from);
}

function open() {
  const served: string[] = [];
  let end = Promise.withResolvers<void>();
  const line = new DhcpLine(async (client, { bytes }) => {
    served.push(`${decodeDhcp(bytes).options.messageType} ${client}`);
    await end.promise;
  });
  const endAll = async () => {
    end.resolve();
    end = Promise.withResolvers();
    await turn();
  };
  const add = (client: number, one: DhcpArrival) => line.add(mac(client), one);
  return { line, served, endAll, add };
}

test('DhcpLine serves 32 clients a turn: those that ask for their address first, and some that begin', async (t) => {
  const { served, add } = open();
  for (let client = 0; client < 100; client += 1) add(client, arrival(client, 'discover'));
  for (let client = 100; client < 200; client += 1) add(client, arrival(client, 'request'));
  t.deepEqual(served, [], 'sockets are read first');
  await turn();
  t.is(served.length, 32);
  t.deepEqual(served.filter((one) => one.startsWith('request')).length, 24);
  t.is(served[0], `request ${mac(100)}`);
  for (let turns = 0; turns < 10; turns += 1) await turn();
  t.is(served.length, 200);
});

test('DhcpLine knows copies of what waits, and of what is being answered', async (t) => {
  const { line, endAll, add } = open();
  add(1, arrival(1, 'discover'));
  t.true(line.has(arrival(1, 'discover')));
  t.true(line.has(arrival(1, 'discover', { secs: 4 })), 'it has been asking for longer');
  t.false(line.has(arrival(2, 'discover')));
  t.false(line.has(arrival(1, 'request')));
  t.false(line.has(arrival(1, 'discover', { xid: 7 })));
  t.false(line.has(arrival(1, 'discover', { giaddr: '192.0.2.1' })), 'it came through a relay');
  await turn();
  t.true(line.has(arrival(1, 'discover')));
  await endAll();
  t.false(line.has(arrival(1, 'discover')), 'it was answered');
  t.is(line.clients, 0);
});

test('DhcpLine serves the packets of a client one after the other', async (t) => {
  const { line, served, endAll, add } = open();
  add(1, arrival(1, 'discover'));
  add(1, arrival(1, 'request'));
  await turn();
  t.deepEqual(served, [`discover ${mac(1)}`]);
  t.is(line.waitingOf(mac(1)), 2);
  t.is(line.packets, 2);
  await endAll();
  t.deepEqual(served, [`discover ${mac(1)}`, `request ${mac(1)}`]);
  await endAll();
  t.is(line.packets, 0);
});

test('DhcpLine serves nothing more once it was cleared', async (t) => {
  const { line, served, endAll, add } = open();
  for (let client = 0; client < 40; client += 1) add(client, arrival(client, 'discover'));
  add(0, arrival(0, 'request'));
  await turn();
  line.clear();
  await endAll();
  t.is(served.length, 32);
});

for (const [hlen, chaddr] of [
  [6, '52:54:00:f2:67:82'],
  [16, '00:11:22:33:44:55:66:77:88:99:aa:bb:cc:dd:ee:ff'],
  [0, ''],
] as const) {
  test(`clientOf() names who has ${hlen} bytes of address as the decoder does`, (t) => {
    const bytes = Buffer.from(encodeDhcp(dhcpRequest({}, { hlen, chaddr })));
    t.is(clientOf(bytes), decodeDhcp(bytes).chaddr);
    t.is(clientOf(bytes), chaddr);
  });
}

test('clientOf() leaves to the decoder what is no DHCP', (t) => {
  const bytes = Buffer.from(encodeDhcp(dhcpRequest()));
  t.is(clientOf(bytes.subarray(0, 239)), undefined);
  t.is(clientOf(Buffer.alloc(300)), undefined);
  t.is(clientOf(Buffer.from(bytes).fill(17, 2, 3)), undefined);
});
