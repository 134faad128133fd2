import test from 'ava';
import { ForeignAddresses } from '../../../../agent/addresses/foreign-addresses.ts';
import { onBootServerRequest, onProxyDhcp } from '../../../../agent/handlers/dhcp/on-proxy-dhcp.ts';
import type { DhcpPacket } from '../../../../agent/protocol/dhcp/packet.ts';
import { dhcpRequest, rawUserClass } from '../../../../lab/clients/dhcp-packets.ts';
import { openRecords } from '../../../support/records.ts';

const mac = '52:54:00:f2:67:82';
const claim = { mac, model: 'pc-x86-64', speaker: 'walt-loader' } as const;
const loader = {
  ...rawUserClass('walt.node.pc-x86-64'),
  vendorClass: 'PXEClient:Arch:00000:UNDI:002001',
};
const network = {
  address: '192.168.152.1',
  netmask: '255.255.255.0',
  broadcast: '192.168.152.255',
  domain: 'walt',
  leaseSeconds: 600,
};
const taken = { messageType: 'request', serverIdentifier: '192.168.152.254' } as const;

async function open() {
  const records = await openRecords(':memory:', { 'pc-x86-64': 'default' });
  const owns = (ip: string) => ip.startsWith('192.168.152.');
  const neighbours = new Map<string, string>();
  const addresses = new ForeignAddresses({
    ...{ ...records, owns },
    neighbourOf: async (ip) => neighbours.get(ip),
    isUp: (mac) => records.boots.isUp(mac),
  });
  const forged = new Set<number>();
  const isOwn = async ({ xid }: DhcpPacket) => !forged.has(xid);
  const doubleBoots = { check: async () => undefined };
  const context = { ...records, network, addresses, isOwn, doubleBoots };
  const ask = (options: DhcpPacket['options'], fields: Partial<DhcpPacket> = {}) =>
    onProxyDhcp(dhcpRequest(options, fields), context);
  return { ...records, addresses, neighbours, context, ask, forged };
}

test('onProxyDhcp() offers a boot loader a server and no address', async (t) => {
  const { ask } = await open();
  const { reply } = await ask(loader);
  t.like(reply, { address: '255.255.255.255', port: 68 });
  t.like(reply?.packet, { yiaddr: '0.0.0.0', siaddr: '192.168.152.1', file: 'start.ipxe' });
  t.like(reply?.packet.options, {
    messageType: 'offer',
    vendorClass: 'PXEClient',
    serverIdentifier: '192.168.152.1',
    leaseTime: undefined,
    subnetMask: undefined,
  });
});

test('onProxyDhcp() leaves operating systems to the other server', async (t) => {
  const { ask, registry } = await open();
  t.deepEqual(await ask({}), { events: [] });
  t.deepEqual(await ask({ ...taken, requestedAddress: '192.168.152.60' }), { events: [] });
  t.deepEqual(registry.all(), []);
});

test('onProxyDhcp() offers nothing to a loader that would take it for a whole offer', async (t) => {
  const { ask } = await open();
  t.deepEqual(await ask({ vendorClass: 'walt.node.rpi-3-b' }), { events: [] });
});

test('onProxyDhcp() makes a node of a boot loader that took the address of the other server', async (t) => {
  const { ask, registry } = await open();
  await ask(loader);
  const { reply, events } = await ask({
    ...loader,
    ...taken,
    requestedAddress: '192.168.152.60',
  });
  t.is(reply, undefined);
  t.like(events[0], { kind: 'new-node' });
  t.like(registry.byMac(mac), { ip: '192.168.152.60', type: 'node', model: 'pc-x86-64' });
});

test('onProxyDhcp() follows a node to another address, and takes it from who had it once it uses it', async (t) => {
  const { ask, addresses, registry } = await open();
  const first = { ...loader, ...taken, requestedAddress: '192.168.152.60' };
  await ask(first);
  await ask({ ...first, requestedAddress: '192.168.152.61' }, { chaddr: '52:54:00:00:00:01' });
  await ask({ ...first, requestedAddress: '192.168.152.61' });
  t.is(registry.byMac(mac)?.ip, '192.168.152.60', 'it has only asked for it');
  await addresses.see('192.168.152.61', mac);
  t.is(registry.byIp('192.168.152.61')?.mac, mac);
  t.is(registry.byMac('52:54:00:00:00:01')?.ip, '0.0.0.1');
});

test('ForeignAddresses.see() learns the address of a known node from its running system', async (t) => {
  const { ask, addresses, registry } = await open();
  await ask({ ...loader, ...taken, requestedAddress: '192.168.152.60' });
  await addresses.see('192.168.152.62', mac);
  t.is(registry.byMac(mac)?.ip, '192.168.152.62');
  t.deepEqual(await addresses.see('192.168.152.70', '52:54:00:00:00:09'), []);
  t.deepEqual(await addresses.see('10.0.0.1', mac), []);
});

test('onBootServerRequest() answers where the question came from', async (t) => {
  const { context, registry, neighbours } = await open();
  neighbours.set('192.168.152.60', mac);
  const request = dhcpRequest({ ...loader, messageType: 'request' }, { ciaddr: '192.168.152.60' });
  const from = { address: '192.168.152.60', port: 4011 };
  const { reply } = await onBootServerRequest(request, from, context);
  t.like(reply, from);
  t.like(reply?.packet.options, { messageType: 'ack', vendorClass: 'PXEClient' });
  t.is(registry.byMac(mac)?.ip, '192.168.152.60');
});

test('ForeignAddresses.seeAnswer() gives no address of a node to a machine that answers for others', async (t) => {
  const { ask, addresses, registry } = await open();
  const other = '52:54:00:00:00:01';
  await ask(loader);
  await ask({ ...loader, ...taken, requestedAddress: '192.168.152.60' });
  await ask(loader, { chaddr: other });
  await ask({ ...loader, ...taken, requestedAddress: '192.168.152.61' }, { chaddr: other });
  t.deepEqual(await addresses.seeAnswer('192.168.152.60', other), []);
  t.is(registry.byMac(mac)?.ip, '192.168.152.60');
  await addresses.seeAnswer('192.168.152.62', other);
  t.is(registry.byMac(other)?.ip, '192.168.152.62');
});

test('ForeignAddresses.see() takes addresses also from devices whose MACs end alike', async (t) => {
  const { ask, addresses: foreign, registry } = await open();
  const macs = ['52:54:00:01:02:03', '02:42:ac:01:02:03', '52:54:00:00:00:01', '52:54:00:00:00:02'];
  const addresses = ['192.168.152.60', '192.168.152.61', '192.168.152.60', '192.168.152.61'];
  for (const [index, chaddr] of macs.entries()) {
    const ip = addresses[index] ?? '';
    await ask({ ...loader, ...taken, requestedAddress: ip }, { chaddr });
    await foreign.see(ip, chaddr);
  }
  const ips = macs.map((each) => registry.byMac(each)?.ip);
  t.deepEqual(ips, ['0.1.2.3', '0.1.2.4', '192.168.152.60', '192.168.152.61']);
});

test('ForeignAddresses.claim() gives a node to nobody who only says to be it', async (t) => {
  const { ask, addresses, neighbours, registry } = await open();
  await ask({ ...loader, ...taken, requestedAddress: '192.168.152.60' });
  neighbours.set('192.168.152.66', '52:54:00:00:00:66');
  for (const ip of ['192.168.152.66', '192.168.152.67']) {
    t.deepEqual(await addresses.claim(ip, claim), []);
    t.is(registry.byMac(mac)?.ip, '192.168.152.60');
  }
});

test('ForeignAddresses.claim() believes what ARP says too, but of a node that is up', async (t) => {
  const { ask, addresses, neighbours, registry, publish } = await open();
  await ask({ ...loader, ...taken, requestedAddress: '192.168.152.60' });
  neighbours.set('192.168.152.61', mac).set('192.168.152.62', mac);
  await addresses.claim('192.168.152.61', claim);
  t.is(registry.byMac(mac)?.ip, '192.168.152.61');
  const loads = { kind: 'dhcp', speaker: 'walt-loader', message: 'discover' } as const;
  publish([loads, { kind: 'booted' } as const].map((signal) => ({ kind: 'signal', mac, signal })));
  await addresses.claim('192.168.152.62', claim);
  t.is(registry.byMac(mac)?.ip, '192.168.152.61');
});

test('onBootServerRequest() moves no node to the address of who asks in its name', async (t) => {
  const { ask, context, registry, neighbours } = await open();
  await ask({ ...loader, ...taken, requestedAddress: '192.168.152.60' });
  neighbours.set('192.168.152.66', '52:54:00:00:00:66');
  const request = dhcpRequest({ ...loader, messageType: 'request' });
  await onBootServerRequest(request, { address: '192.168.152.66', port: 4011 }, context);
  t.is(registry.byMac(mac)?.ip, '192.168.152.60');
});

test('onProxyDhcp() moves no node by a REQUEST that another machine sent', async (t) => {
  const { ask, registry, forged } = await open();
  await ask({ ...loader, ...taken, requestedAddress: '192.168.152.60' });
  forged.add(66);
  await ask({ ...loader, ...taken, requestedAddress: '192.168.152.66' }, { xid: 66 });
  t.is(registry.byMac(mac)?.ip, '192.168.152.60');
});

test('ForeignAddresses.see() gives no address of a node that is up to another machine', async (t) => {
  const { ask, addresses, registry, publish } = await open();
  const other = '52:54:00:00:00:01';
  await ask({ ...loader, ...taken, requestedAddress: '192.168.152.60' });
  publish([{ kind: 'signal', mac, signal: { kind: 'booted' } }]);
  await ask(loader, { chaddr: other });
  await addresses.see('192.168.152.60', other);
  t.is(registry.byMac(mac)?.ip, '192.168.152.60');
  publish([{ kind: 'signal', mac, signal: { kind: 'down', cause: 'x', method: 'soft' } }]);
  await addresses.see('192.168.152.60', other);
  t.is(registry.byMac(other)?.ip, '192.168.152.60', 'it is free once the node is down');
});

test('onProxyDhcp() answers no loader that has the MAC of a node that is up', async (t) => {
  const { context, registry } = await open();
  const double = { kind: 'ignored', source: 'dhcp', from: mac, reason: 'double' } as const;
  const doubleBoots = { check: async () => [double] };
  const outcome = await onProxyDhcp(dhcpRequest(loader), { ...context, doubleBoots });
  t.deepEqual(outcome, { events: [double] });
  t.deepEqual(registry.all(), []);
});
