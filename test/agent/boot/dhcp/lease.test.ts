import test from 'ava';
import {
  decideLease,
  type KnownAddress,
  type LeaseDecision,
} from '../../../../agent/boot/dhcp/lease.ts';
import type { DhcpPacket } from '../../../../agent/protocol/dhcp/packet.ts';
import { dhcpRequest } from '../../../../lab/clients/dhcp-packets.ts';

const server = { address: '192.168.152.1', owns: (ip: string) => ip.startsWith('192.168.152.') };
const own = { own: '192.168.152.7' };
const offered = { offered: '192.168.152.9' };

const cases: readonly {
  readonly title: string;
  readonly packet: DhcpPacket;
  readonly known?: KnownAddress;
  readonly decision: Partial<LeaseDecision>;
}[] = [
  { title: 'offers on DISCOVER', packet: dhcpRequest(), decision: { kind: 'offer' } },
  {
    title: 'passes on the wish of a DISCOVER',
    packet: dhcpRequest({ requestedAddress: '192.168.152.30' }),
    decision: { kind: 'offer', wanted: '192.168.152.30' },
  },
  {
    title: 'acknowledges what it offered (SELECTING)',
    packet: request({ serverIdentifier: server.address, requestedAddress: '192.168.152.9' }),
    known: offered,
    decision: { kind: 'ack', ip: '192.168.152.9' },
  },
  {
    title: 'frees its offer when another server was selected',
    packet: request({ serverIdentifier: '192.168.152.2', requestedAddress: '192.168.152.9' }),
    known: offered,
    decision: { kind: 'withdraw', server: '192.168.152.2' },
  },
  {
    title: 'refuses an address that it did not offer',
    packet: request({ serverIdentifier: server.address, requestedAddress: '192.168.152.10' }),
    known: offered,
    decision: { kind: 'nak' },
  },
  {
    title: "acknowledges a device's own address (INIT-REBOOT)",
    packet: request({ requestedAddress: '192.168.152.7' }),
    known: own,
    decision: { kind: 'ack', ip: '192.168.152.7' },
  },
  {
    title: 'refuses another address than its own (INIT-REBOOT)',
    packet: request({ requestedAddress: '192.168.152.8' }),
    known: own,
    decision: { kind: 'nak' },
  },
  {
    title: 'stays silent to a client without a record (INIT-REBOOT)',
    packet: request({ requestedAddress: '192.168.152.8' }),
    decision: { kind: 'ignore' },
  },
  {
    title: 'refuses an address of another network (INIT-REBOOT)',
    packet: request({ requestedAddress: '10.0.0.8' }),
    decision: { kind: 'nak' },
  },
  {
    title: 'acknowledges a renewal',
    packet: request({}, { ciaddr: '192.168.152.7' }),
    known: own,
    decision: { kind: 'ack', ip: '192.168.152.7' },
  },
  {
    title: 'ignores a REQUEST without any address',
    packet: request({}),
    decision: { kind: 'ignore' },
  },
  {
    title: 'sets a declined address aside',
    packet: dhcpRequest({
      messageType: 'decline',
      serverIdentifier: server.address,
      requestedAddress: '192.168.152.9',
    }),
    known: offered,
    decision: { kind: 'decline', ip: '192.168.152.9' },
  },
  {
    title: 'takes a RELEASE',
    packet: dhcpRequest({ messageType: 'release' }, { ciaddr: '192.168.152.7' }),
    known: own,
    decision: { kind: 'release' },
  },
  {
    title: 'ignores a DECLINE of an address that the device was not given',
    packet: dhcpRequest({
      messageType: 'decline',
      serverIdentifier: server.address,
      requestedAddress: '192.168.152.8',
    }),
    known: own,
    decision: { kind: 'ignore' },
  },
  {
    title: 'ignores a DECLINE for another server',
    packet: dhcpRequest({
      messageType: 'decline',
      serverIdentifier: '192.168.152.2',
      requestedAddress: '192.168.152.7',
    }),
    known: own,
    decision: { kind: 'ignore' },
  },
  {
    title: 'ignores a RELEASE for another server',
    packet: dhcpRequest(
      { messageType: 'release', serverIdentifier: '192.168.152.2' },
      { ciaddr: '192.168.152.7' },
    ),
    known: own,
    decision: { kind: 'ignore' },
  },
  {
    title: 'ignores a RELEASE of an address of somebody else',
    packet: dhcpRequest({ messageType: 'release' }, { ciaddr: '192.168.152.8' }),
    known: own,
    decision: { kind: 'ignore' },
  },
  {
    title: 'stays silent to a renewal of a client without a record',
    packet: request({}, { ciaddr: '192.168.152.8' }),
    decision: { kind: 'ignore' },
  },
  {
    title: 'answers through a relay on its network',
    packet: dhcpRequest({}, { giaddr: '192.168.152.129' }),
    decision: { kind: 'offer' },
  },
  {
    title: 'ignores what a relay brings from another network',
    packet: dhcpRequest({}, { giaddr: '10.0.0.1' }),
    decision: { kind: 'ignore' },
  },
  {
    title: "believes the relay's link selection (RFC 3527) rather than its address",
    packet: dhcpRequest(
      { relayAgent: Uint8Array.of(1, 1, 9, 5, 4, 192, 168, 152, 0) },
      { giaddr: '10.0.0.1' },
    ),
    decision: { kind: 'offer' },
  },
  {
    title: "takes a relay's option that it cannot read as it comes",
    packet: dhcpRequest({ relayAgent: Uint8Array.of(5, 9) }, { giaddr: '192.168.152.129' }),
    decision: { kind: 'offer' },
  },
  {
    title: 'ignores hardware that is not Ethernet',
    packet: dhcpRequest({}, { htype: 32, hlen: 8 }),
    decision: { kind: 'ignore' },
  },
  {
    title: 'ignores the address of a group',
    packet: dhcpRequest({}, { chaddr: '01:00:5e:00:00:01' }),
    decision: { kind: 'ignore' },
  },
  {
    title: 'answers an INFORM from its network',
    packet: dhcpRequest({ messageType: 'inform' }, { ciaddr: '192.168.152.40' }),
    decision: { kind: 'inform' },
  },
  {
    title: 'ignores an INFORM from elsewhere',
    packet: dhcpRequest({ messageType: 'inform' }, { ciaddr: '10.0.0.4' }),
    decision: { kind: 'ignore' },
  },
  {
    title: 'answers an INFORM that names no address, from its network',
    packet: dhcpRequest({ messageType: 'inform' }),
    known: { source: '192.168.152.40' },
    decision: { kind: 'inform' },
  },
  {
    title: 'answers an INFORM that names no address and comes from none',
    packet: dhcpRequest({ messageType: 'inform' }),
    known: { source: '0.0.0.0' },
    decision: { kind: 'inform' },
  },
  {
    title: 'answers an INFORM that names no address, through a relay on its network',
    packet: dhcpRequest({ messageType: 'inform' }, { giaddr: '192.168.152.129' }),
    known: { source: '10.0.0.1' },
    decision: { kind: 'inform' },
  },
  {
    title: 'ignores an INFORM that names no address, from elsewhere',
    packet: dhcpRequest({ messageType: 'inform' }),
    known: { source: '10.0.0.4' },
    decision: { kind: 'ignore' },
  },
  {
    title: 'acknowledges a client that names the offered address in ciaddr alone (RFC 1541)',
    packet: request({ serverIdentifier: server.address }, { ciaddr: '192.168.152.9' }),
    known: offered,
    decision: { kind: 'ack', ip: '192.168.152.9' },
  },
  {
    title: 'ignores replies of other servers',
    packet: dhcpRequest({ messageType: 'offer' }, { op: 2 }),
    decision: { kind: 'ignore' },
  },
];

function request(options: DhcpPacket['options'], fields: Partial<DhcpPacket> = {}): DhcpPacket {
  return dhcpRequest({ messageType: 'request', ...options }, fields);
}

for (const { title, packet, known = {}, decision } of cases) {
  test(`decideLease() ${title}`, (t) => {
    t.like(decideLease(packet, known, server), decision);
  });
}
