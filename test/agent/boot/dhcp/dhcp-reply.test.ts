import test from 'ava';
import {
  grantedSeconds,
  grantReply,
  informReply,
  nakReply,
} from '../../../../agent/boot/dhcp/dhcp-reply.ts';
import { dhcpRequest } from '../../../../lab/clients/dhcp-packets.ts';

const network = {
  address: '192.168.152.1',
  netmask: '255.255.255.0',
  broadcast: '192.168.152.255',
  domain: 'walt',
  leaseSeconds: 1000,
};
const granted = { ip: '192.168.152.7', hostName: 'node-f26782' };

test('grantReply() tells a boot loader its address, its name and the server', (t) => {
  const { packet } = grantReply(dhcpRequest(), 'ack', granted, network);
  t.is(packet.op, 2);
  t.is(packet.yiaddr, '192.168.152.7');
  t.is(packet.siaddr, '192.168.152.1');
  t.like(packet.options, {
    messageType: 'ack',
    serverIdentifier: '192.168.152.1',
    subnetMask: '255.255.255.0',
    hostName: 'node-f26782',
    tftpServerName: '192.168.152.1',
    leaseTime: 1000,
    renewalTime: 500,
    rebindingTime: 875,
  });
});

test('grantReply() names a DNS server where there is one', (t) => {
  t.is(grantReply(dhcpRequest(), 'ack', granted, network).packet.options.dnsServers, undefined);
  const named = { ...network, dnsServer: '192.168.152.1' };
  const { packet } = grantReply(dhcpRequest(), 'ack', granted, named);
  t.deepEqual(packet.options.dnsServers, ['192.168.152.1']);
});

test('grantReply() names a log server to who asks for one', (t) => {
  const unasked = grantReply(dhcpRequest(), 'ack', granted, network).packet.options;
  t.is(unasked.logServers, undefined);
  const asking = dhcpRequest({ parameterRequestList: [1, 3, 7] });
  const asked = grantReply(asking, 'ack', granted, network).packet.options;
  t.deepEqual(asked.logServers, ['192.168.152.1']);
});

test('grantReply() names a server of time where there is one', (t) => {
  const timed = { ...network, ntpServer: '192.168.152.1' };
  const { packet } = grantReply(dhcpRequest(), 'ack', granted, timed);
  t.deepEqual(packet.options.ntpServers, ['192.168.152.1']);
});

test('grantReply() and informReply() name a router to who may go to other networks', (t) => {
  const router = '192.168.152.1';
  const ack = grantReply(dhcpRequest(), 'ack', { ...granted, router }, network);
  t.deepEqual(ack.packet.options.routers, [router]);
  t.is(grantReply(dhcpRequest(), 'ack', granted, network).packet.options.routers, undefined);
  const facts = informReply(dhcpRequest(), network, { router });
  t.deepEqual(facts.packet.options.routers, [router]);
});

test('grantReply() echoes client identifier and relay agent information, and nothing else of the request', (t) => {
  const clientIdentifier = Uint8Array.of(1, 2, 3);
  const relayAgent = Uint8Array.of(1, 1, 9);
  const request = dhcpRequest(
    { clientIdentifier, relayAgent, vendorClass: 'PXEClient' },
    { unknownOptions: [{ code: 224, bytes: Uint8Array.of(7) }] },
  );
  const { packet } = grantReply(request, 'offer', granted, network);
  t.is(packet.options.clientIdentifier, clientIdentifier);
  t.is(packet.options.relayAgent, relayAgent);
  t.is(packet.options.vendorClass, undefined);
  t.is(packet.unknownOptions, undefined);
});

const destinations = [
  ['a relay at port 67', { giaddr: '10.1.1.1', ciaddr: '192.168.152.7' }, '10.1.1.1', 67],
  ['a client that has its address', { ciaddr: '192.168.152.7' }, '192.168.152.7', 68],
  ['everybody, for a client without address', {}, '255.255.255.255', 68],
] as const;

for (const [title, fields, address, port] of destinations) {
  test(`grantReply() goes to ${title}`, (t) => {
    const request = dhcpRequest({ messageType: 'request' }, fields);
    t.like(grantReply(request, 'ack', granted, network), { address, port });
  });
}

test('grantReply() keeps to the order and the length that the client asked for', (t) => {
  const request = dhcpRequest({ parameterRequestList: [3, 1], maxMessageSize: 1400 });
  const { encoding } = grantReply(request, 'offer', granted, network);
  t.deepEqual(encoding, { order: [3, 1], maxLength: 1372 });
});

test('nakReply() is broadcast though the client has an address', (t) => {
  const request = dhcpRequest({ messageType: 'request' }, { ciaddr: '192.168.152.9' });
  const { packet, address } = nakReply(request, 'no', network);
  t.is(address, '255.255.255.255');
  t.like(packet, { yiaddr: '0.0.0.0', ciaddr: '0.0.0.0', siaddr: '0.0.0.0' });
  t.deepEqual(packet.options, {
    messageType: 'nak',
    serverIdentifier: '192.168.152.1',
    message: 'no',
  });
});

test('informReply() grants no address and no lease', (t) => {
  const request = dhcpRequest({ messageType: 'inform' }, { ciaddr: '192.168.152.40' });
  const { packet, address } = informReply(request, network);
  t.is(address, '192.168.152.40');
  t.is(packet.yiaddr, '0.0.0.0');
  t.is(packet.options.leaseTime, undefined);
});

test('nakReply() through a relay asks it to broadcast', (t) => {
  const fields = { giaddr: '192.168.152.129', flags: 0 };
  const { packet, address } = nakReply(dhcpRequest({}, fields), 'no', network);
  t.is(address, '192.168.152.129');
  t.is(packet.flags, 0x8000);
});

test('informReply() goes straight to who asked, also through a relay', (t) => {
  const fields = { ciaddr: '192.168.152.40', giaddr: '192.168.152.129' };
  const request = dhcpRequest({ messageType: 'inform' }, fields);
  t.like(informReply(request, network), { address: '192.168.152.40', port: 68 });
});

test('grantReply() says nothing of the address that a client has when it offers', (t) => {
  const request = dhcpRequest({}, { ciaddr: '192.168.152.7' });
  t.is(grantReply(request, 'offer', granted, network).packet.ciaddr, '0.0.0.0');
  t.is(grantReply(request, 'ack', granted, network).packet.ciaddr, '192.168.152.7');
});

for (const [asked, seconds] of [
  [undefined, 1000],
  [300, 300],
  [5, 60],
  [0xffffffff, 1000],
] as const) {
  test(`grantedSeconds() of a client that asks for ${asked} is ${seconds}`, (t) => {
    const wish = asked === undefined ? {} : { leaseTime: asked };
    t.is(grantedSeconds(dhcpRequest(wish), network), seconds);
  });
}

test('grantReply() gives PXE firmware its identifier back, UEFI HTTP boot its class', (t) => {
  const clientUuid = Uint8Array.of(0, 1, 2);
  const pxe = dhcpRequest({ clientUuid, vendorClass: 'PXEClient:Arch:00007' });
  t.is(grantReply(pxe, 'offer', granted, network).packet.options.clientUuid, clientUuid);
  const http = dhcpRequest({ clientUuid, vendorClass: 'HTTPClient:Arch:00016' });
  t.like(grantReply(http, 'offer', granted, network).packet.options, {
    vendorClass: 'HTTPClient',
    clientUuid: undefined,
  });
});

test('grantReply() tells iPXE, and nobody else, to wait for no other server', (t) => {
  const ipxe = dhcpRequest({ ipxe: Uint8Array.of(0x13, 1, 1) });
  const { options } = grantReply(ipxe, 'offer', granted, network).packet;
  t.deepEqual(options.ipxe, Uint8Array.of(176, 1, 1));
  t.is(grantReply(dhcpRequest(), 'offer', granted, network).packet.options.ipxe, undefined);
});

test('grantReply() delays and repeats an offer to firmware that needs it, and no acknowledgement', (t) => {
  const vendorClass = 'PXEClient:Arch:00000:UNDI:002001';
  const parameterRequestList = [43, 60, 67, 128, 129, 130, 131, 132, 133, 134, 135, 66];
  const request = dhcpRequest({ vendorClass, parameterRequestList });
  t.like(grantReply(request, 'offer', granted, network), { delayMs: 400, againMs: [1200, 2000] });
  t.is(grantReply(request, 'ack', granted, network).delayMs, undefined);
  t.is(grantReply(dhcpRequest(), 'offer', granted, network).delayMs, undefined);
});
