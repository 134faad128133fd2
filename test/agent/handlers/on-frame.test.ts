import test from 'ava';
import { AddressPool } from '../../../agent/addresses/address-pool.ts';
import { AddressProber } from '../../../agent/addresses/address-prober.ts';
import { OtherServers } from '../../../agent/addresses/other-servers.ts';
import { type FrameContext, onFrame } from '../../../agent/handlers/on-frame.ts';
import { encodeDhcp } from '../../../agent/protocol/dhcp/encode.ts';
import type { DhcpPacket } from '../../../agent/protocol/dhcp/packet.ts';
import { arpProbe, encodeArp } from '../../../agent/protocol/ethernet/arp.ts';
import { encodeEthernet, etherTypes } from '../../../agent/protocol/ethernet/frame.ts';
import { parseCidr } from '../../../agent/protocol/ip.ts';
import { dhcpRequest } from '../../../lab/clients/dhcp-packets.ts';
import { randomNumbers } from '../../../lab/random-numbers.ts';
import { hex } from '../../support/bytes/hex.ts';
import { mutate } from '../../support/bytes/mutate.ts';
import { openRecords } from '../../support/records.ts';

const own = '52:54:00:00:00:99';
const other = '52:54:00:00:00:01';
const toUs = { destination: own, source: other } as const;

async function open(): Promise<FrameContext> {
  const { registry } = await openRecords();
  const pool = new AddressPool(parseCidr('192.168.152.1/24'), { isOwned: registry.hasIp });
  const prober = new AddressProber({ pool, registry, ask: () => true, now: () => 0 });
  return { mac: own, prober, servers: new OtherServers('192.168.152.1'), answersIpv6: true };
}

const answer = encodeEthernet({
  ...toUs,
  type: etherTypes.arp,
  payload: encodeArp({
    operation: 'reply',
    senderMac: other,
    senderIp: '192.168.152.9',
    targetMac: own,
    targetIp: '192.168.152.1',
  }),
});

/** A DHCP message from port 67 of `source`, in a frame; checksums are nobody's concern here. */
function fromServer(message: Uint8Array): Uint8Array {
  const length = (bytes: number) => bytes.toString(16).padStart(4, '0');
  const ip = `4500 ${length(28 + message.length)} 00000000 4011 0000 c0a89809 ffffffff`;
  const udp = `0043 0044 ${length(8 + message.length)} 0000`;
  const payload = Uint8Array.of(...hex(ip + udp), ...message);
  return encodeEthernet({ ...toUs, type: etherTypes.ipv4, payload });
}

const offer = fromServer(
  encodeDhcp(dhcpRequest({ messageType: 'offer', serverIdentifier: '192.168.152.9' }, { op: 2 })),
);
const solicitation = encodeEthernet({
  ...toUs,
  type: etherTypes.ipv6,
  payload: hex(
    '60000000 0008 3a ff fe80000000000000505400fffe000901 ff020000000000000000000000000002 85001234 00000000',
  ),
});

test('onFrame() hears what a boot loader says to everybody, and knows it by its MAC', async (t) => {
  const text = Buffer.from('Boot mode: NETWORK (02)\n');
  const length = (bytes: number) => bytes.toString(16).padStart(4, '0');
  const ip = `4500 ${length(28 + text.length)} 00000000 4011 0000 a9fe0101 ffffffff`;
  const udp = `1a09 1a0a ${length(8 + text.length)} 0000`;
  const payload = Uint8Array.of(...hex(ip + udp), ...text);
  const frame = encodeEthernet({ ...toUs, type: etherTypes.ipv4, payload });
  const said = { mac: other, bytes: new Uint8Array(text) };
  t.deepEqual(onFrame(frame, await open()), { events: [], said });
  t.deepEqual(onFrame(frame, { ...(await open()), mac: other }), { events: [] });
});

test('onFrame() learns who has which address from ARP, but not from a probe', async (t) => {
  const context = await open();
  t.deepEqual(onFrame(answer, context).neighbour, { ip: '192.168.152.9', mac: other });
  t.deepEqual(onFrame(arpProbe('192.168.152.9', other), context), { events: [] });
});

test('onFrame() tells an answer from an announcement: who answers may speak for others', async (t) => {
  const context = await open();
  t.true(onFrame(answer, context).wasAsked);
  const arp = { senderMac: other, senderIp: '192.168.152.9', targetMac: own };
  for (const operation of ['request', 'reply'] as const) {
    const payload = encodeArp({ operation, ...arp, targetIp: '192.168.152.9' });
    const announcement = encodeEthernet({ ...toUs, type: etherTypes.arp, payload });
    t.is(onFrame(announcement, context).wasAsked, undefined);
  }
});

test('onFrame() believes nobody who tells the address of another machine', async (t) => {
  const forged = Uint8Array.from(answer);
  forged.set([0x02, 0, 0, 0, 0, 0x66], 6);
  t.is(onFrame(forged, await open()).neighbour, undefined);
});

test('onFrame() takes note of the MAC that a DHCP message of a client came from', async (t) => {
  const seen: string[] = [];
  const witness = {
    saw: (packet: DhcpPacket, source: string) => seen.push(`${packet.chaddr} ${source}`),
  };
  const release = dhcpRequest({ messageType: 'release' }, { chaddr: '52:54:00:00:00:07' });
  const frame = Uint8Array.from(fromServer(encodeDhcp(release)));
  frame.set([0, 68, 0, 67], 34);
  onFrame(frame, { ...(await open()), witness });
  t.deepEqual(seen, [`52:54:00:00:00:07 ${other}`]);
});

test('onFrame() tells of another DHCP server', async (t) => {
  const { events } = onFrame(offer, await open());
  t.deepEqual(events, [{ kind: 'other-dhcp-server', address: '192.168.152.9', mac: other }]);
});

test('onFrame() finds the MAC of a DHCP server that a client named', async (t) => {
  const context = await open();
  context.servers?.named('192.168.152.9', 0);
  t.like(onFrame(answer, context).events[0], { kind: 'other-dhcp-server', mac: other });
});

test('onFrame() answers who looks for a router, unless walt-net has its own', async (t) => {
  const context = await open();
  t.truthy(onFrame(solicitation, context).reply);
  t.is(onFrame(solicitation, { ...context, answersIpv6: false }).reply, undefined);
});

test('onFrame() takes no notice of our own frames', async (t) => {
  t.deepEqual(onFrame(answer, { ...(await open()), mac: other }), { events: [] });
});

test('onFrame() survives 20000 damaged frames', async (t) => {
  const context = await open();
  const random = randomNumbers(20_240_601);
  const frames = [answer, offer, solicitation];
  for (let round = 0; round < 20_000; round += 1) {
    const frame = frames[round % frames.length] ?? answer;
    t.notThrows(() => onFrame(mutate(Buffer.from(frame), random), context));
  }
});
