import test from 'ava';
import type { Device } from '../../../../../agent/devices/device.ts';
import { followExports } from '../../../../../agent/events/reactions/follow/follow-exports.ts';
import { nfsExports } from '../../../../../agent/nfs/node-exports.ts';
import { put } from '../../../../support/put.ts';
import { openRecords } from '../../../../support/records.ts';

const node: Device = {
  mac: '52:54:00:f2:67:82',
  ip: '192.168.152.2',
  name: 'node-f26782',
  type: 'node',
  model: 'pc-x86-64',
  image: 'a/b:latest',
  root: 'sha256:aa',
  firstSeen: 5,
  firstFile: 6,
};

async function open() {
  const records = await openRecords();
  const applied: string[] = [];
  followExports(records.publisher, async () => {
    const exports = nfsExports(records.registry, (key) => `/images/${key}`);
    applied.push(exports.map(({ ip, imagePath }) => `${ip} ${imagePath}`).join(', '));
  });
  await put(records.registry, node);
  return { ...records, applied };
}

for (const [what, change, exported] of [
  [
    'an address',
    (now: Device) => ({ ...now, ip: '192.168.152.9' }),
    '192.168.152.9 /images/sha256:aa',
  ],
  [
    'the content that it boots',
    (now: Device) => ({ ...now, root: 'sha256:bb' }),
    '192.168.152.2 /images/sha256:bb',
  ],
  ['an address that nobody knows', (now: Device) => ({ ...now, ip: '0.242.103.130' }), ''],
  ['its life as a node', ({ image: _i, root: _r, ...now }: Device) => toUnknown(now), ''],
] as const) {
  test(`followExports() follows a node that changes ${what}`, async (t) => {
    const { registry, applied } = await open();
    t.deepEqual(applied, ['192.168.152.2 /images/sha256:aa']);
    await registry.change(node.mac, (now) => now && change(now));
    t.deepEqual(applied.slice(1), [exported]);
  });
}

test('followExports() follows a node that is forgotten', async (t) => {
  const { registry, applied } = await open();
  await registry.change(node.mac, () => undefined);
  t.deepEqual(applied.slice(1), ['']);
});

test('followExports() leaves the exports alone where a device changed that they do not show', async (t) => {
  const { registry, applied } = await open();
  await registry.change(node.mac, (now) => now && { ...now, name: 'pc-412-A' });
  const other = { mac: '52:54:00:00:00:01', ip: '192.168.152.3', name: 'printer', firstSeen: 6 };
  await put(registry, { ...other, type: 'unknown' });
  t.is(applied.length, 1);
});

function toUnknown(device: Omit<Device, 'image' | 'root'>): Device {
  return { ...device, type: 'unknown' };
}
