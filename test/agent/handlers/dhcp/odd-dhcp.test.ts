// DHCP packets that no machine should send, each by a socket to the real handler, and 10,000 damaged ones: none is an error
// of ours, none gets an address that is not to be given, and a node keeps what it has.
import test, { type ExecutionContext } from 'ava';
import { onDhcp } from '../../../../agent/handlers/dhcp/on-dhcp.ts';
import { type DhcpReport, startDhcpServer } from '../../../../agent/net/dhcp/server.ts';
import { encodeDhcp } from '../../../../agent/protocol/dhcp/encode.ts';
import type { DhcpPacket } from '../../../../agent/protocol/dhcp/packet.ts';
import { isHostOf, parseCidr } from '../../../../agent/protocol/ip.ts';
import { isMac } from '../../../../agent/protocol/mac.ts';
import { dhcpRequest, rawUserClass } from '../../../../lab/clients/dhcp-packets.ts';
import { UdpClient } from '../../../../lab/clients/udp-client.ts';
import { randomNumbers } from '../../../../lab/random-numbers.ts';
import { dhcpSamples } from '../../../support/bytes/boot-packets.ts';
import { mutate } from '../../../support/bytes/mutate.ts';
import { openDhcp } from '../../../support/dhcp/handler.ts';

const SERVER = '192.168.152.1';
const SUBNET = parseCidr(`${SERVER}/24`);
const NODE = '52:54:00:f2:67:82';
const LAST = '52:54:00:00:00:99';
/** Where options begin: RFC 2131 §2. */
const OPTIONS = 240;

type Options = DhcpPacket['options'];

const packet = (options: Options = {}, fields: Partial<DhcpPacket> = {}) =>
  Buffer.from(encodeDhcp(dhcpRequest(options, { chaddr: '52:54:00:00:00:02', ...fields })));
const asked = (requestedAddress: string) => packet({ messageType: 'request', requestedAddress });
/** With other bytes at some place. */
const patched = (at: number, ...bytes: readonly number[]) => {
  const made = packet();
  made.set(bytes, at);
  return made;
};
/** With these bytes for options. */
const optioned = (...bytes: readonly number[]) =>
  Buffer.concat([packet().subarray(0, OPTIONS), Buffer.from(bytes)]);
const DISCOVER = [53, 1, 1];

const ODD: Readonly<Record<string, Uint8Array>> = {
  'no byte': Buffer.alloc(0),
  'one byte': Buffer.from([1]),
  'nothing but zeros': Buffer.alloc(300),
  'a head that is cut': packet().subarray(0, 100),
  'no options': packet().subarray(0, OPTIONS),
  'an option that is cut': packet().subarray(0, OPTIONS + 2),
  'no end': optioned(...DISCOVER),
  'plain BOOTP': patched(OPTIONS - 4, 0, 0, 0, 0),
  'an operation that is none': patched(0, 7),
  'a reply': patched(0, 2),
  'a hardware address of no bytes': patched(2, 0),
  'a hardware address of 16 bytes': patched(2, 16),
  'a hardware address of 255 bytes': patched(2, 255),
  'hardware that is none': patched(1, 0),
  'a MAC of zeros': patched(28, 0, 0, 0, 0, 0, 0),
  'the MAC of everybody': patched(28, 255, 255, 255, 255, 255, 255),
  'a MAC of a group': patched(28, 1, 0, 94, 0, 0, 1),
  '255 relays': patched(3, 255),
  'a relay that is the server': packet({}, { giaddr: SERVER }),
  'a relay that is everybody': packet({}, { giaddr: '255.255.255.255' }),
  'an address of everybody': packet({ messageType: 'request' }, { ciaddr: '255.255.255.255' }),
  'the address of the server': asked(SERVER),
  'the address of the network': asked('192.168.152.0'),
  'the broadcast address': asked('192.168.152.255'),
  'a message of type 0': optioned(53, 1, 0, 255),
  'a message of type 200': optioned(53, 1, 200, 255),
  'a type of two bytes': optioned(53, 2, 1, 1, 255),
  'options in all fields, and again': optioned(...DISCOVER, 52, 1, 3, 52, 1, 3, 255),
  'a model with lines and colours': packet(rawUserClass('walt.node.pc\r\n\u001b[31m/../x')),
};

async function openSocket(t: ExecutionContext) {
  const opened = await openDhcp(`${SERVER}/24`);
  const reports: DhcpReport[] = [];
  let answered = 0;
  let arrived = () => {};
  const server = await startDhcpServer(
    { address: '127.0.0.1', port: 0 },
    async (one) => {
      const { reply } = await onDhcp(one, opened.context);
      if (reply !== undefined) encodeDhcp(reply.packet);
      if (one.chaddr === LAST) arrived();
      else answered += reply === undefined ? 0 : 1;
      return [];
    },
    (report) => reports.push(report),
  );
  const client = await UdpClient.open();
  t.teardown(async () => {
    client.close();
    await server.close();
  });
  const last = packet({}, { chaddr: LAST });
  /** Once the server has come to what was sent last, it has read all that was sent before. */
  const send = async (packets: readonly Uint8Array[]) => {
    const come = Promise.withResolvers<void>();
    arrived = come.resolve;
    for (const bytes of packets) client.send(bytes, server.port);
    client.send(last, server.port);
    await come.promise;
  };
  return { ...opened, send, reports, answered: () => answered };
}

/** What the server knows is what may be. */
function isSound(t: ExecutionContext, { registry }: Awaited<ReturnType<typeof openSocket>>): void {
  const all = registry.all();
  for (const { mac, ip } of all) {
    t.true(isMac(mac), mac);
    t.true(isHostOf(SUBNET, ip) && ip !== SERVER, `${mac} ${ip}`);
  }
  t.is(new Set(all.map(({ ip }) => ip)).size, all.length);
}

test('29 odd packets are no error, change no node, and get no address that is not to be given', async (t) => {
  const opened = await openSocket(t);
  const { lease, registry, send, reports } = opened;
  t.is(Object.keys(ODD).length, 29);
  await lease(rawUserClass('walt.node.pc-x86-64'));
  const before = registry.byMac(NODE);
  for (const [title, bytes] of Object.entries(ODD)) {
    await send([bytes]);
    t.deepEqual(
      reports.filter(({ kind }) => kind === 'failed'),
      [],
      title,
    );
  }
  isSound(t, opened);
  t.deepEqual(registry.byMac(NODE), before);
  t.is((await lease()).reply?.packet.yiaddr, before?.ip);
});

test('10,000 damaged packets are no error, and a node keeps its address', async (t) => {
  const opened = await openSocket(t);
  const { lease, registry, send, reports } = opened;
  const random = randomNumbers(29);
  const samples = [...(await dhcpSamples()), ...Object.values(ODD)];
  await lease(rawUserClass('walt.node.pc-x86-64'));
  const before = registry.byMac(NODE);
  for (let sent = 0; sent < 10_000; sent += 20) {
    const packets = Array.from({ length: 20 }, () =>
      mutate(samples[Math.floor(random() * samples.length)] ?? Buffer.alloc(0), random),
    );
    await send(packets);
  }
  t.deepEqual(
    reports.filter(({ kind }) => kind === 'failed'),
    [],
  );
  t.true(reports.length > 1000, `${reports.length} were refused`);
  t.true(opened.answered() > 100, `${opened.answered()} were answered`);
  isSound(t, opened);
  t.is(registry.byMac(NODE)?.ip, before?.ip);
});
