import test from 'ava';
import { followExports } from '../../../../agent/events/reactions/follow/follow-exports.ts';
import { onDhcp } from '../../../../agent/handlers/dhcp/on-dhcp.ts';
import { nfsExports } from '../../../../agent/nfs/node-exports.ts';
import { dhcpRequest, rawUserClass } from '../../../../lab/clients/dhcp-packets.ts';
import { openDhcp } from '../../../support/dhcp/handler.ts';

const mac = '52:54:00:f2:67:82';
const loader = rawUserClass('walt.node.pc-x86-64');

test('onDhcp() grants an address only when the device is on disk', async (t) => {
  const { lease, database } = await openDhcp();
  const { reply, events } = await lease(loader);
  t.like(reply?.packet, { yiaddr: '192.168.152.2', siaddr: '192.168.152.1' });
  t.is(reply?.packet.options.hostName, 'node-f26782');
  const rows = await database.selectFrom('devices').selectAll().execute();
  t.like(rows, [{ mac, ip: '192.168.152.2', type: 'node' }]);
  t.deepEqual(
    events.map(({ kind }) => kind),
    ['new-node', 'signal', 'signal'],
  );
});

test('onDhcp() grants nothing when the disk refuses', async (t) => {
  const { lease, database } = await openDhcp();
  await database.schema.dropTable('devices').execute();
  await t.throwsAsync(lease(loader));
});

test('onDhcp() gives the same address for good', async (t) => {
  const { lease, ask } = await openDhcp();
  await lease(loader);
  await lease({}, '52:54:00:00:00:01');
  await ask({ messageType: 'release' }, { ciaddr: '192.168.152.2' });
  t.is((await lease(loader)).reply?.packet.yiaddr, '192.168.152.2');
});

test('onDhcp() records nothing of a device that was only offered an address', async (t) => {
  const { ask, registry } = await openDhcp();
  const { reply, events } = await ask(loader);
  t.is(reply?.packet.options.messageType, 'offer');
  t.deepEqual(events, []);
  t.deepEqual(registry.all(), []);
});

test('onDhcp() is silent and says so when no address is left', async (t) => {
  const { lease, ask, time } = await openDhcp('192.168.152.1/30');
  await lease({}, '52:54:00:00:00:01');
  const { reply, events } = await ask(loader);
  t.is(reply, undefined);
  t.deepEqual(events, [{ kind: 'no-address-left', mac, others: 0 }]);
  t.deepEqual((await ask(loader)).events, [], 'said once a minute');
  time.ms += 61_000;
  t.deepEqual((await ask(loader)).events, [{ kind: 'no-address-left', mac, others: 1 }]);
  t.is((await lease({}, '52:54:00:00:00:01')).reply?.packet.yiaddr, '192.168.152.2');
});

test('onDhcp() gives a device that declines its address another one', async (t) => {
  const { lease, ask } = await openDhcp();
  await lease(loader);
  const { events } = await ask({
    messageType: 'decline',
    serverIdentifier: '192.168.152.1',
    requestedAddress: '192.168.152.2',
  });
  t.deepEqual(events, [{ kind: 'address-declined', mac, ip: '192.168.152.2' }]);
  t.is((await lease(loader)).reply?.packet.yiaddr, '192.168.152.3');
  t.not((await lease({}, '52:54:00:00:00:01')).reply?.packet.yiaddr, '192.168.152.2');
});

test('onDhcp() withdraws its offer when another server was selected', async (t) => {
  const { ask, otherServers } = await openDhcp('192.168.152.1/30');
  await ask({}, { chaddr: '52:54:00:00:00:01' });
  const selected = { messageType: 'request', serverIdentifier: '192.168.152.9' } as const;
  const { reply } = await ask(selected, { chaddr: '52:54:00:00:00:01' });
  t.is(reply, undefined);
  t.deepEqual(otherServers, ['192.168.152.9']);
  t.is((await ask({})).reply?.packet.yiaddr, '192.168.152.2');
});

const stranger = '52:54:00:00:00:01';

test('onDhcp() gives the address of a lease that is over to another, and forgets whose it was', async (t) => {
  const { lease, ask, time, registry, database } = await openDhcp('192.168.152.1/30');
  await lease({}, stranger);
  t.is((await ask(loader)).reply, undefined);
  time.us += 601_000_000;
  time.ms += 601_000;
  const { reply, events } = await lease(loader);
  t.is(reply?.packet.yiaddr, '192.168.152.2');
  t.like(events[0], { kind: 'forgotten', device: { mac: stranger } });
  t.is(registry.byMac(stranger), undefined);
  const rows = await database.selectFrom('devices').selectAll().execute();
  t.deepEqual(
    rows.map((row) => row.mac),
    [mac],
  );
});

test('onDhcp() keeps the address of a node though its lease is over and it released it', async (t) => {
  const { lease, ask, time } = await openDhcp('192.168.152.1/30');
  await lease(loader);
  await ask({ messageType: 'release' }, { ciaddr: '192.168.152.2' });
  time.us += 601_000_000;
  t.is((await ask({}, { chaddr: stranger })).reply, undefined);
});

test('onDhcp() takes a RELEASE, and the lease that follows it, down', async (t) => {
  const { lease, ask, registry } = await openDhcp();
  await lease({}, stranger);
  await ask({ messageType: 'release' }, { ciaddr: '192.168.152.2', chaddr: stranger });
  t.is(registry.byMac(stranger)?.releasedAt, 1_000_000);
  await lease({}, stranger);
  t.like(registry.byMac(stranger), { releasedAt: undefined, leaseUntil: 601_000_000 });
});

test('onDhcp() refuses an address that it offered when its holder renewed the lease meanwhile', async (t) => {
  const { lease, ask, time, registry } = await openDhcp('192.168.152.1/30');
  await lease({}, stranger);
  time.us += 601_000_000;
  const { reply: offer } = await ask({});
  t.is(offer?.packet.yiaddr, '192.168.152.2');
  await ask({ messageType: 'request' }, { ciaddr: '192.168.152.2', chaddr: stranger });
  const selected = { serverIdentifier: '192.168.152.1', requestedAddress: '192.168.152.2' };
  const { reply } = await ask({ messageType: 'request', ...selected });
  t.is(reply?.packet.options.messageType, 'nak');
  t.is(registry.byIp('192.168.152.2')?.mac, stranger);
});

test('onDhcp() writes the end of a lease again when it is renewed, of an unknown device', async (t) => {
  const { lease, ask, time, database } = await openDhcp();
  await lease({}, stranger);
  time.us += 300_000_000;
  await ask({ messageType: 'request' }, { ciaddr: '192.168.152.2', chaddr: stranger });
  const rows = await database.selectFrom('devices').select('lease_until').execute();
  t.deepEqual(rows, [{ lease_until: 901_000_000 }]);
});

test('onDhcp() gives a node that declines its address an export at the other one', async (t) => {
  const { lease, ask, publisher, registry } = await openDhcp();
  await lease(loader);
  await registry.change(mac, (device) => device && { ...device, firstFile: 1 });
  const exported: string[] = [];
  followExports(publisher, async () => {
    exported.push(...nfsExports(registry, (key) => key).map(({ ip }) => ip));
  });
  const declined = { serverIdentifier: '192.168.152.1', requestedAddress: '192.168.152.2' };
  await ask({ ...declined, messageType: 'decline' });
  t.deepEqual(exported, ['192.168.152.3']);
});

test('onDhcp() undoes no change that is made to the device while it waits', async (t) => {
  const { lease, ask, registry } = await openDhcp();
  await lease({}, stranger);
  const [released] = [
    ask({ messageType: 'release' }, { ciaddr: '192.168.152.2', chaddr: stranger }),
  ];
  await registry.change(stranger, (now) => now && { ...now, name: 'printer' });
  await released;
  t.like(registry.byMac(stranger), { name: 'printer', releasedAt: 1_000_000 });
});

test('onDhcp() gives an address though a machine has declined all of them', async (t) => {
  const { ask, lease } = await openDhcp('192.168.152.1/29');
  const server = { serverIdentifier: '192.168.152.1' };
  for (let mac = 0; mac < 200; mac += 1) {
    const chaddr = `52:54:00:00:01:${mac.toString(16).padStart(2, '0')}`;
    const { reply } = await ask({ messageType: 'discover' }, { chaddr });
    const requestedAddress = reply?.packet.yiaddr ?? '192.168.152.2';
    await ask({ messageType: 'decline', ...server, requestedAddress }, { chaddr });
  }
  t.regex((await lease(loader)).reply?.packet.yiaddr ?? '', /^192\.168\.152\.[2-6]$/);
});

const decline = {
  messageType: 'decline',
  serverIdentifier: '192.168.152.1',
  requestedAddress: '192.168.152.2',
} as const;
const release = { messageType: 'release', serverIdentifier: '192.168.152.1' } as const;

for (const [title, fields, isUp] of [
  ['that another machine sent', { xid: 66 }, false],
  ['in the name of a node that is up', {}, true],
  ['in the name of a node, through a relay', { giaddr: '192.168.152.9' }, false],
] as const) {
  test(`onDhcp() moves no node by a DECLINE ${title}`, async (t) => {
    const { lease, ask, registry, forged, publish } = await openDhcp();
    forged.add(66);
    await lease(loader);
    if (isUp) publish([{ kind: 'signal', mac, signal: { kind: 'booted' } }]);
    const { events } = await ask(decline, fields);
    t.like(events[0], { kind: 'ignored' });
    t.is(registry.byMac(mac)?.ip, '192.168.152.2');
  });
}

test('onDhcp() takes nothing from a device by a RELEASE that another machine sent', async (t) => {
  const { lease, ask, registry, forged } = await openDhcp();
  forged.add(66);
  await lease({}, stranger);
  const fields = { chaddr: stranger, ciaddr: '192.168.152.2' };
  await ask(release, { ...fields, xid: 66 });
  t.is(registry.byMac(stranger)?.releasedAt, undefined);
  await ask(release, fields);
  t.is(typeof registry.byMac(stranger)?.releasedAt, 'number', 'its own counts');
});

test('onDhcp() answers no loader that has the MAC of a node that is up', async (t) => {
  const { lease, context, registry } = await openDhcp();
  await lease(loader);
  const before = registry.byMac(mac);
  const double = { kind: 'ignored', source: 'dhcp', from: mac, reason: 'double' } as const;
  const doubleBoots = { check: async () => [double] };
  const selected = { serverIdentifier: '192.168.152.1', requestedAddress: '192.168.152.2' };
  for (const options of [{}, { messageType: 'request', ...selected } as const]) {
    const asked = dhcpRequest({ ...loader, ...options });
    t.deepEqual(await onDhcp(asked, { ...context, doubleBoots }), { events: [double] });
  }
  t.is(registry.byMac(mac), before);
});

test('onDhcp() takes another model of a node from the node alone, not from who speaks in its name', async (t) => {
  const { ask, lease, registry, detection, forged } = await openDhcp();
  await lease(loader);
  const own = registry.byMac(mac)?.ip ?? 'none';
  const other = rawUserClass('walt.node.rpi-3-b');
  const renewal = { messageType: 'request', requestedAddress: own, ...other } as const;
  forged.add(7);
  const { events } = await ask(renewal, { xid: 7 });
  t.like(events[0], {
    kind: 'ignored',
    reason: 'model rpi-3-b, which another machine announced for it',
  });
  await detection.takeAnnounced(mac);
  t.like(registry.byMac(mac), { type: 'node', model: 'pc-x86-64' });
  await ask(renewal, { xid: 8 });
  await detection.takeAnnounced(mac);
  t.like(registry.byMac(mac), { type: 'unknown', model: 'rpi-3-b' });
});
