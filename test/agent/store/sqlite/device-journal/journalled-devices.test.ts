// What was acknowledged is in the journal before the database has it: copies of the files, as a killed server leaves them, show it.
import { copyFile, open, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import test, { type ExecutionContext } from 'ava';
import type { Device } from '../../../../../agent/devices/device.ts';
import { openSqliteStore } from '../../../../../agent/store/sqlite/store.ts';
import { temporaryFolder } from '../../../../support/temporary-folder.ts';

const JOURNAL = ['walt.db.leases-1', 'walt.db.leases-2'];

function deviceOf(number: number, ip = `10.0.${number >> 8}.${number & 255}`): Device {
  const tail = number.toString(16).padStart(6, '0');
  const mac = `02:00:00:${tail.slice(0, 2)}:${tail.slice(2, 4)}:${tail.slice(4)}`;
  return { mac, ip, name: `unknown-${tail}`, type: 'unknown', firstSeen: number, leaseUntil: 9 };
}

const save = (device: Device) => ({ kind: 'save', device }) as const;

async function openStore(t: ExecutionContext, folder: string) {
  const problems: string[] = [];
  const store = await openSqliteStore(join(folder, 'walt.db'), (text) => problems.push(text));
  let isClosed = false;
  const close = async () => {
    if (isClosed) return;
    isClosed = true;
    await store.close();
  };
  t.teardown(close);
  return { ...store, close, problems };
}

/** The files as they are now: a killed server leaves them so. */
async function asKilled(t: ExecutionContext, folder: string): Promise<string> {
  const copy = await temporaryFolder(t);
  for (const name of await readdir(folder)) await copyFile(join(folder, name), join(copy, name));
  return copy;
}

async function devicesIn(t: ExecutionContext, folder: string): Promise<Device[]> {
  const store = await openStore(t, folder);
  const devices = await store.devices.all();
  await store.close();
  return devices;
}

test('what was acknowledged is there after a kill, though the database lacks it', async (t) => {
  const folder = await temporaryFolder(t);
  const { devices, flush } = await openStore(t, folder);
  await devices.write([save(deviceOf(0))]);
  await devices.write([{ kind: 'forget', mac: deviceOf(0).mac }]);
  await flush();
  using other = new DatabaseSync(join(folder, 'walt.db'));
  other.exec('BEGIN IMMEDIATE');
  await devices.write([save(deviceOf(1)), save(deviceOf(2))]);
  await devices.write([save(deviceOf(3))]);
  const killed = await asKilled(t, folder);
  const without = await asKilled(t, folder);
  for (const name of JOURNAL) await rm(join(without, name));
  t.deepEqual(await devicesIn(t, without), []);
  const expected = [1, 2, 3].map((number) => deviceOf(number));
  t.deepEqual(await devicesIn(t, killed), expected);
  t.deepEqual(await devicesIn(t, killed), expected, 'once more');
  other.exec('ROLLBACK');
});

test('a change waits for a quick disk at once, and for one that the database writes to in a thread', async (t) => {
  const folder = await temporaryFolder(t);
  const { devices, flush } = await openStore(t, folder);
  await flush();
  /** Whether it is on disk before this thread does anything else. */
  const isWrittenAtOnce = async (number: number) => {
    let isWritten = false;
    const written = devices.write([save(deviceOf(number))]).then(() => {
      isWritten = true;
    });
    for (let turns = 0; turns < 3; turns += 1) await new Promise<void>(process.nextTick);
    return { isWritten, written };
  };
  const first = await isWrittenAtOnce(1);
  t.true(first.isWritten);
  using other = new DatabaseSync(join(folder, 'walt.db'));
  other.exec('BEGIN IMMEDIATE');
  const flushed = flush();
  await new Promise(setImmediate);
  const second = await isWrittenAtOnce(2);
  t.false(second.isWritten);
  await second.written;
  const killed = await asKilled(t, folder);
  t.deepEqual(await devicesIn(t, killed), [deviceOf(1), deviceOf(2)]);
  other.exec('ROLLBACK');
  await flushed;
});

test('the last change of a device counts, and one that was forgotten stays so', async (t) => {
  const folder = await temporaryFolder(t);
  const { devices, flush } = await openStore(t, folder);
  await devices.write([save(deviceOf(1)), save(deviceOf(2))]);
  await flush();
  await devices.write([save(deviceOf(1, '10.9.9.9'))]);
  await devices.write([{ kind: 'forget', mac: deviceOf(2).mac }]);
  const killed = await asKilled(t, folder);
  t.deepEqual(await devicesIn(t, killed), [deviceOf(1, '10.9.9.9')]);
  await flush();
  t.deepEqual(await devicesIn(t, await asKilled(t, folder)), [deviceOf(1, '10.9.9.9')]);
});

/** @returns what is there of two devices after a kill, where the record of the second one is torn */
async function withTornRecord(t: ExecutionContext): Promise<Device[]> {
  const folder = await temporaryFolder(t);
  const { devices } = await openStore(t, folder);
  await devices.write([save(deviceOf(1))]);
  await devices.write([save(deviceOf(2))]);
  const killed = await asKilled(t, folder);
  await using file = await open(join(killed, 'walt.db.leases-1'), 'r+');
  const { buffer } = await file.read(Buffer.alloc(4096), 0, 4096, 0);
  await file.write(Buffer.alloc(9), 0, 9, buffer.lastIndexOf('}') - 8);
  return await devicesIn(t, killed);
}

test('a record that is torn was not acknowledged: those before it are there', async (t) => {
  let found = await withTornRecord(t);
  // On a slow machine the database has both by then, and nobody looks into the journal.
  for (let tries = 0; tries < 20 && found.length === 2; tries += 1) found = await withTornRecord(t);
  t.deepEqual(found, [deviceOf(1)]);
});

test('more than both files hold is there after a kill, however much of it the database has', async (t) => {
  const folder = await temporaryFolder(t);
  const { devices } = await openStore(t, folder);
  const all = Array.from({ length: 30_000 }, (_, at) => deviceOf(at));
  for (let at = 0; at < all.length; at += 100) {
    await devices.write(all.slice(at, at + 100).map(save));
  }
  const killed = await asKilled(t, folder);
  t.deepEqual(new Set(await devicesIn(t, killed)), new Set(all));
});

test('changes that no file has room for go to the database at once', async (t) => {
  const folder = await temporaryFolder(t);
  const { devices } = await openStore(t, folder);
  await devices.write([save(deviceOf(0, '10.9.9.9'))]);
  const all = Array.from({ length: 12_000 }, (_, at) => deviceOf(at));
  await devices.write(all.map(save));
  await devices.write([save(deviceOf(0, '10.9.9.8'))]);
  const killed = await asKilled(t, folder);
  const found = await devicesIn(t, killed);
  t.is(found.length, all.length);
  t.is(found[0]?.ip, '10.9.9.8');
});

test('writes that come together end in their order, whatever the disk does', async (t) => {
  const folder = await temporaryFolder(t);
  const { devices, flush } = await openStore(t, folder);
  const ips = Array.from({ length: 300 }, (_, at) => `10.1.${at >> 8}.${at & 255}`);
  await Promise.all(ips.map((ip) => devices.write([save(deviceOf(1, ip))])));
  t.deepEqual(await devicesIn(t, await asKilled(t, folder)), [deviceOf(1, '10.1.1.43')]);
  await flush();
  t.deepEqual(await devices.all(), [deviceOf(1, '10.1.1.43')]);
});

test('what the database refuses is told, and harms nothing else', async (t) => {
  const folder = await temporaryFolder(t);
  const { devices, flush, problems } = await openStore(t, folder);
  await devices.write([save(deviceOf(1)), save(deviceOf(2))]);
  await flush();
  // No registry would write so: two devices with one name.
  await devices.write([save({ ...deviceOf(3), name: deviceOf(1).name })]);
  await devices.write([save(deviceOf(4))]);
  await flush();
  await devices.write([save(deviceOf(5))]);
  t.is(problems.length, 1);
  t.regex(problems[0] ?? '', /^Cannot keep what changed of 02:00:00:00:00:03: .*UNIQUE/);
  const expected = [1, 2, 4, 5].map((number) => deviceOf(number));
  t.deepEqual(await devices.all(), expected);
  await devices.write([save(deviceOf(6))]);
  t.deepEqual(await devicesIn(t, await asKilled(t, folder)), [...expected, deviceOf(6)]);
});

test('the journal of another database says nothing', async (t) => {
  const folder = await temporaryFolder(t);
  const { devices } = await openStore(t, folder);
  await devices.write([save(deviceOf(1))]);
  const killed = await asKilled(t, folder);
  for (const end of ['', '-wal', '-shm']) await rm(join(killed, `walt.db${end}`), { force: true });
  t.deepEqual(await devicesIn(t, killed), []);
});
