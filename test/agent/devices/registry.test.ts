import { join } from 'node:path';
import test from 'ava';
import type { Device } from '../../../agent/devices/device.ts';
import { openRecords } from '../../support/records.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const device: Device = {
  mac: '52:54:00:f2:67:82',
  ip: '192.168.152.2',
  name: 'node-f26782',
  type: 'node',
  model: 'pc-x86-64',
  image: 'a/b:latest',
  root: 'sha256:aa',
  firstSeen: 5,
};

test('Registry remembers its devices over a restart, with all that is known of them', async (t) => {
  const file = join(await temporaryFolder(t), 'walt.db');
  const first = await openRecords(file);
  const board: Device = {
    ...{ mac: 'b8:27:eb:f2:67:83', ip: '192.168.152.3', name: 'board', type: 'unknown' },
    ...{
      model: 'rpi-4-b',
      firstSeen: 6,
      leaseUntil: 7,
      releasedAt: 8,
      serial: '0f00ba12',
      hostName: 'board',
    },
  };
  await first.registry.saveAll([device, { ...board, serial: 'ffffffff' }]);
  await first.registry.save(board);
  await first.database.destroy();
  const { registry } = await openRecords(file);
  t.deepEqual(registry.all(), [device, board]);
  t.deepEqual(registry.byIp('192.168.152.2'), device);
});

test('Registry.save() replaces what was known of a MAC', async (t) => {
  const { registry } = await openRecords();
  await registry.save(device);
  await registry.save({ ...device, name: 'rpi-412' });
  t.is(registry.byName('node-f26782'), undefined);
  t.is(registry.byName('rpi-412')?.mac, device.mac);
  t.is(registry.all().length, 1);
});

for (const clash of [
  { name: device.name, ip: '192.168.152.3' },
  { name: 'other', ip: device.ip },
  { name: 'NODE-f26782', ip: '192.168.152.3' },
]) {
  test(`Registry.save() refuses ${JSON.stringify(clash)} of another device`, async (t) => {
    const { registry } = await openRecords();
    await registry.save(device);
    await t.throwsAsync(registry.save({ ...device, mac: '52:54:00:00:00:01', ...clash }), {
      instanceOf: RangeError,
    });
    t.deepEqual(registry.all(), [device]);
  });
}

test('Registry.save() leaves memory as it was when the disk refuses', async (t) => {
  const { registry, database } = await openRecords();
  await registry.save(device);
  await database.schema.dropTable('devices').execute();
  await t.throwsAsync(registry.save({ ...device, name: 'rpi-412' }));
  t.deepEqual(registry.all(), [device]);
  t.is(registry.byName('rpi-412'), undefined);
});

test('Registry.byName() finds a device in whatever case its name is written', async (t) => {
  const { registry } = await openRecords();
  await registry.save(device);
  t.is(registry.byName('NODE-F26782')?.mac, device.mac);
  t.true(registry.hasName('Node-f26782'));
  await registry.save({ ...device, name: 'Node-F26782' });
  t.is(registry.byName('node-f26782')?.name, 'Node-F26782');
  await registry.remove(device);
  t.false(registry.hasName('node-f26782'));
});

test('Registry.load() gives a number to a name that an earlier version took in another case', async (t) => {
  const file = join(await temporaryFolder(t), 'walt.db');
  const first = await openRecords(file);
  await first.registry.save(device);
  const other = { ...device, mac: '52:54:00:00:00:01', ip: '192.168.152.3', firstSeen: 6 };
  await first.registry.save({ ...other, name: 'other' });
  const update = first.database.updateTable('devices').set({ name: 'NODE-F26782' });
  await update.where('mac', '=', other.mac).execute();
  await first.database.destroy();
  const { registry } = await openRecords(file);
  t.is(registry.byName('node-f26782')?.mac, device.mac);
  t.is(registry.byName('node-f26782-2')?.mac, other.mac);
  await t.notThrowsAsync(registry.saveAll(registry.all()));
});
