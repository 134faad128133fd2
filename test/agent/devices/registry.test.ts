import { join } from 'node:path';
import test from 'ava';
import type { Device } from '../../../agent/devices/device.ts';
import { type Changed, Registry } from '../../../agent/devices/registry.ts';
import { put } from '../../support/put.ts';
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
      settings: { ram: '2G' },
      machine: { isOff: true },
      bootsLocal: true,
    },
  };
  await put(first.registry, device);
  const { settings: _none, bootsLocal: _neither, ...earlier } = board;
  await put(first.registry, { ...earlier, serial: 'ffffffff' });
  await put(first.registry, board);
  await first.store.close();
  const { registry } = await openRecords(file);
  t.deepEqual(registry.all(), [device, board]);
  t.deepEqual(registry.byIp('192.168.152.2'), device);
});

test('Registry.change() replaces what was known of a MAC', async (t) => {
  const { registry } = await openRecords();
  await put(registry, device);
  await put(registry, { ...device, name: 'rpi-412' });
  t.is(registry.byName('node-f26782'), undefined);
  t.is(registry.byName('rpi-412')?.mac, device.mac);
  t.is(registry.all().length, 1);
});

for (const clash of [
  { name: device.name, ip: '192.168.152.3' },
  { name: 'other', ip: device.ip },
  { name: 'NODE-f26782', ip: '192.168.152.3' },
]) {
  test(`Registry.change() refuses ${JSON.stringify(clash)} of another device`, async (t) => {
    const { registry } = await openRecords();
    await put(registry, device);
    await t.throwsAsync(put(registry, { ...device, mac: '52:54:00:00:00:01', ...clash }), {
      instanceOf: RangeError,
    });
    t.deepEqual(registry.all(), [device]);
  });
}

test('Registry.change() leaves memory as it was when the disk refuses', async (t) => {
  const { registry, database } = await openRecords();
  await put(registry, device);
  await database.schema.dropTable('devices').execute();
  await t.throwsAsync(put(registry, { ...device, name: 'rpi-412' }));
  t.deepEqual(registry.all(), [device]);
  t.is(registry.byName('rpi-412'), undefined);
});

test('Registry.change() is told what is known now: neither of two changes undoes the other', async (t) => {
  const { registry, store } = await openRecords();
  await put(registry, device);
  await Promise.all([
    registry.change(device.mac, (now) => now && { ...now, name: 'rpi-412' }),
    registry.change(device.mac, (now) => now && { ...now, serial: '0f00ba12' }),
  ]);
  const expected = { ...device, name: 'rpi-412', serial: '0f00ba12' };
  t.deepEqual(registry.all(), [expected]);
  t.deepEqual(await store.devices.all(), [expected]);
});

test('Registry.change() that changes nothing waits for what is not on disk yet', async (t) => {
  const { store } = await openRecords();
  const disk = Promise.withResolvers<void>();
  const registry = new Registry({ records: { ...store.devices, write: () => disk.promise } });
  const first = registry.change(device.mac, () => device);
  let isDone = false;
  const second = registry
    .change(device.mac, (now) => now)
    .then(() => {
      isDone = true;
    });
  await new Promise((resolve) => setImmediate(resolve));
  t.false(isDone, 'an ACK would grant what a crash could forget');
  disk.resolve();
  await Promise.all([first, second]);
});

test('Registry.change() returns to what is on disk, also when two changes of a device fail', async (t) => {
  const { store } = await openRecords();
  const disks: PromiseWithResolvers<void>[] = [];
  const write = () => {
    const disk = Promise.withResolvers<void>();
    disks.push(disk);
    return disk.promise;
  };
  const registry = new Registry({ records: { ...store.devices, write } });
  const known = registry.change(device.mac, () => device);
  disks[0]?.resolve();
  await known;
  const changes = ['one', 'two'].map((name) =>
    registry.change(device.mac, (now) => now && { ...now, name }),
  );
  disks[1]?.reject(new Error('disk full'));
  disks[2]?.reject(new Error('disk full'));
  for (const change of changes) await t.throwsAsync(change, { message: 'disk full' });
  t.deepEqual(registry.all(), [device]);
});

test('Registry.changeAll() changes all of its devices, or none', async (t) => {
  const { registry } = await openRecords();
  const other: Device = { ...device, mac: '52:54:00:00:00:01', ip: '192.168.152.3', name: 'other' };
  await put(registry, device);
  await put(registry, other);
  const rename = (now: Device | undefined) => now && { ...now, name: 'same' };
  const both = registry.changeAll([
    [device.mac, rename],
    [other.mac, rename],
  ]);
  await t.throwsAsync(both, { instanceOf: RangeError });
  t.deepEqual(registry.all(), [device, other]);
});

test('Registry.change() forgets a device, and says what changed once it is on disk', async (t) => {
  const { store } = await openRecords();
  const said: Changed[] = [];
  const registry = new Registry({ records: store.devices, onChange: (one) => said.push(one) });
  await put(registry, device);
  await registry.change(device.mac, (now) => now);
  await registry.change(device.mac, () => undefined);
  t.deepEqual(said, [
    { before: undefined, after: device },
    { before: device, after: undefined },
  ]);
  t.deepEqual(await store.devices.all(), []);
});

test('Registry.byName() finds a device in whatever case, as DNS does', async (t) => {
  const { registry } = await openRecords();
  await put(registry, { ...device, name: 'pc-412-A' });
  t.is(registry.byName('PC-412-a')?.mac, device.mac);
  const clash = { ...device, mac: '52:54:00:00:00:01', ip: '192.168.152.3', name: 'pc-412-a' };
  await t.throwsAsync(put(registry, clash), { instanceOf: RangeError });
});

test('Registry.load() gives a number to a name that an earlier version took in another case', async (t) => {
  const file = join(await temporaryFolder(t), 'walt.db');
  const first = await openRecords(file);
  await put(first.registry, device);
  const other = { ...device, mac: '52:54:00:00:00:01', ip: '192.168.152.3', firstSeen: 6 };
  await put(first.registry, { ...other, name: 'other' });
  await first.store.flush();
  const update = first.database.updateTable('devices').set({ name: 'NODE-F26782' });
  await update.where('mac', '=', other.mac).execute();
  await first.store.close();
  const { registry } = await openRecords(file);
  t.is(registry.byName('node-f26782')?.mac, device.mac);
  t.is(registry.byName('node-f26782-2')?.mac, other.mac);
});

test('Registry.change() keeps what the disk took where a later change in the same batch is refused', async (t) => {
  const { store } = await openRecords();
  const writes: PromiseWithResolvers<void>[] = [];
  const write = () => {
    const disk = Promise.withResolvers<void>();
    writes.push(disk);
    return disk.promise;
  };
  const registry = new Registry({ records: { ...store.devices, write } });
  const known = registry.change(device.mac, () => device);
  const refused = registry.change(device.mac, (now) => now && { ...now, serial: 'feed' });
  // A batch tells of its failures before it tells of what it wrote.
  writes[1]?.reject(new Error('disk full'));
  writes[0]?.resolve();
  await known;
  await t.throwsAsync(refused);
  t.deepEqual(registry.all(), [device]);
  t.true(registry.hasIp(device.ip));
});

test('Registry knows a machine of the server’s own by MAC and address alone, and writes nothing of it', async (t) => {
  const file = join(await temporaryFolder(t), 'walt.db');
  const { registry, store } = await openRecords(file);
  await put(registry, device);
  const trial: Device = { ...device, mac: '52:54:00:00:00:01', ip: '192.168.152.9', isTrial: true };
  await put(registry, trial);
  t.deepEqual([registry.all(), registry.withTrials()], [[device], [device, trial]]);
  t.deepEqual([registry.byMac(trial.mac), registry.byIp(trial.ip)], [trial, trial]);
  t.is(registry.byName(device.name)?.mac, device.mac);
  await t.throwsAsync(
    put(registry, { ...device, mac: '52:54:00:00:00:02', name: 'x', ip: trial.ip }),
  );
  await registry.change(trial.mac, () => undefined);
  t.deepEqual([registry.withTrials(), registry.byIp(trial.ip)], [[device], undefined]);
  t.true(registry.isTrial(trial.mac), 'what comes late is known for what it is');
  await put(registry, { ...trial, mac: '52:54:00:00:00:03' });
  // A machine that was forgotten still asks, and is taken for a new one.
  const late = { ...device, mac: trial.mac, ip: '192.168.152.8', name: 'node-000001' };
  await registry.writeApplied([registry.apply(late.mac, () => late)]);
  await store.close();
  t.deepEqual((await openRecords(file)).registry.withTrials(), [device]);
});
