import { join } from 'node:path';
import test from 'ava';
import { sql } from 'kysely';
import { WaltError } from '../../../../../agent/errors.ts';
import { migrate } from '../../../../../agent/store/sqlite/schema/migrate.ts';
import { migrations } from '../../../../../agent/store/sqlite/schema/migrations.ts';
import type { DeviceRow } from '../../../../../agent/store/sqlite/schema/schema.ts';
import { openSqlite } from '../../../../../agent/store/sqlite/sqlite.ts';
import { temporaryFolder } from '../../../../support/temporary-folder.ts';

const steps = Object.keys(migrations);
const previous = steps.at(-2) ?? '';

const device = {
  mac: '52:54:00:f2:67:82',
  ip: '192.168.152.2',
  name: 'rpi-412',
  type: 'node' as const,
  model: 'pc-x86-64',
  image: 'a/b:latest',
  root: 'sha256:aa',
  first_seen: 1,
};

test('migrate() makes every table from nothing', async (t) => {
  const { database } = openSqlite(':memory:');
  await migrate(database);
  const tables = (await database.introspection.getTables()).map(({ name }) => name);
  for (const table of ['devices', 'images', 'boots', 'boot_stages', 'logs']) {
    t.true(tables.includes(table), table);
  }
  await database.destroy();
});

test('migrate() keeps what the previous version wrote', async (t) => {
  const file = join(await temporaryFolder(t), 'walt.db');
  const { database: old } = openSqlite(file);
  await migrate(old, previous);
  // The columns that this version added are not there yet.
  await old
    .insertInto('devices')
    .values({ ...device, first_file: 2 } as DeviceRow)
    .execute();
  await old.destroy();
  const { database } = openSqlite(file);
  await migrate(database);
  const expected = {
    ...device,
    first_file: 2,
    host_name: null,
    lease_until: null,
    released_at: null,
    serial: null,
    settings: null,
    machine: null,
    boots_local: null,
  };
  t.deepEqual(await database.selectFrom('devices').selectAll().execute(), [expected]);
  t.deepEqual(await database.selectFrom('boots').selectAll().execute(), []);
  await database.destroy();
});

test('migrate() takes nodes, and devices whose boot got on, for such that have got a file', async (t) => {
  const file = join(await temporaryFolder(t), 'walt.db');
  const { database: old } = openSqlite(file);
  await migrate(old, '006-host-name');
  const unknown = { ...device, type: 'unknown' as const, image: null, root: null };
  for (const [number, state] of [...['dhcp', 'files', 'down'], undefined].entries()) {
    const own = { mac: `m${number}`, ip: `i${number}`, name: `n${number}` };
    const row = { ...unknown, ...own } as DeviceRow;
    await old.insertInto('devices').values(row).execute();
    if (state === undefined) continue;
    const boot = { mac: own.mac, started: 1, state };
    await old
      .insertInto('boots')
      .values(boot as never)
      .execute();
  }
  await old.destroy();
  const { database } = openSqlite(file);
  await migrate(database);
  const rows = await database.selectFrom('devices').select(['mac', 'first_file']).execute();
  t.deepEqual(
    rows.map(({ mac, first_file }) => [mac, first_file]),
    [
      ['m0', null],
      ['m1', 1],
      ['m2', 1],
      ['m3', null],
    ],
  );
  await database.destroy();
});

test('migrate() does nothing the second time', async (t) => {
  const { database } = openSqlite(':memory:');
  await migrate(database);
  const row = { ...device, host_name: null, lease_until: null, released_at: null };
  await database.insertInto('devices').values(row).execute();
  await t.notThrowsAsync(migrate(database));
  t.is((await database.selectFrom('devices').selectAll().execute()).length, 1);
  await database.destroy();
});

test('migrate() refuses the database of a newer version and says what to do', async (t) => {
  const { database } = openSqlite(':memory:');
  await migrate(database);
  await sql`insert into kysely_migration (name, timestamp) values ('999-later', '2030')`.execute(
    database,
  );
  const error = await t.throwsAsync(migrate(database), { instanceOf: WaltError });
  t.regex(error?.message ?? '', /newer walt-server/);
  await database.destroy();
});

test('migrate() counts the lines that a log has already, by stream', async (t) => {
  const { database } = openSqlite(':memory:');
  t.teardown(() => database.destroy());
  await migrate(database, '012-checkpoints');
  const line = { at: 1, issuer: 'pc-1', stream: 's', line: 'é' };
  await database
    .insertInto('logs')
    .values([line, line, { ...line, stream: 'r' }])
    .execute();
  await migrate(database);
  const sizes = () => database.selectFrom('log_sizes').selectAll().orderBy('stream').execute();
  const expected = [
    { stream: 'r', bytes: 102 },
    { stream: 's', bytes: 204 },
  ];
  t.deepEqual(await sizes(), expected);
  await database.deleteFrom('logs').where('stream', '=', 'r').execute();
  t.deepEqual(await sizes(), [{ stream: 's', bytes: 204 }]);
});
