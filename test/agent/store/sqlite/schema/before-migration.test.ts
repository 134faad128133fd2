import { mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import test from 'ava';
import { keepBeforeMigration } from '../../../../../agent/store/sqlite/schema/before-migration.ts';
import { lastStepOf, migrate } from '../../../../../agent/store/sqlite/schema/migrate.ts';
import { migrations } from '../../../../../agent/store/sqlite/schema/migrations.ts';
import { openSqlite } from '../../../../../agent/store/sqlite/sqlite.ts';
import { openSqliteStore } from '../../../../../agent/store/sqlite/store.ts';
import { succeed } from '../../../../../lab/programs/run-program.ts';
import { temporaryFolder } from '../../../../support/temporary-folder.ts';

const steps = Object.keys(migrations);

/** Makes a database of an earlier version. @returns the step that comes next */
async function makeOld(file: string, back: number): Promise<string> {
  const { database } = openSqlite(file);
  await migrate(database, steps.at(-1 - back));
  await database.destroy();
  return steps.at(-back) ?? '';
}

/** What SQLite shares between connections may stay for a while, and the journal of devices is beside each database. */
function withoutShared(names: readonly string[]): string[] {
  return names.filter((name) => !/-(wal|shm|[12])$/.test(name));
}

function lastStep(file: string): string | undefined {
  const database = new DatabaseSync(file, { readOnly: true });
  try {
    return lastStepOf(database);
  } finally {
    database.close();
  }
}

test('the database is copied before it is brought to another form, and only then', async (t) => {
  const folder = await temporaryFolder(t);
  const file = join(folder, 'walt.db');
  const next = await makeOld(file, 2);
  await (await openSqliteStore(file)).close();
  const copy = `${file}.before-${next}`;
  t.is(lastStep(file), steps.at(-1));
  t.is(lastStep(copy), steps.at(-3));
  t.is((await stat(copy)).mode & 0o777, 0o600);
  const { mtimeMs } = await stat(copy);
  await (await openSqliteStore(file)).close();
  t.is((await stat(copy)).mtimeMs, mtimeMs);
  t.deepEqual(withoutShared((await readdir(folder)).toSorted()), [
    'walt.db',
    `walt.db.before-${next}`,
  ]);
});

test('keepBeforeMigration() keeps the last two copies', async (t) => {
  const folder = await temporaryFolder(t);
  const file = join(folder, 'walt.db');
  const next = await makeOld(file, 1);
  for (const step of ['001-a', '002-b', '003-c']) await writeFile(`${file}.before-${step}`, '');
  await keepBeforeMigration(file);
  const copies = (await readdir(folder)).filter((name) => name.includes('before')).toSorted();
  t.deepEqual(copies, ['walt.db.before-003-c', `walt.db.before-${next}`]);
});

test('keepBeforeMigration() copies no new database, and none of a newer version', async (t) => {
  const folder = await temporaryFolder(t);
  await keepBeforeMigration(join(folder, 'none.db'));
  const file = join(folder, 'walt.db');
  await (await openSqliteStore(file)).close();
  const database = new DatabaseSync(file);
  database.exec("INSERT INTO kysely_migration VALUES ('999-later', '2030-01-01')");
  database.close();
  await keepBeforeMigration(file);
  t.deepEqual(withoutShared(await readdir(folder)), ['walt.db']);
});

test('the database stays as it is where there is no room for the copy', async (t) => {
  const folder = join(await temporaryFolder(t), 'disk');
  await mkdir(folder);
  await succeed(['mount', '-t', 'tmpfs', '-o', 'size=1m', 'walt-test', folder]);
  const file = join(folder, 'walt.db');
  await makeOld(file, 1);
  await writeFile(join(folder, 'filler'), Buffer.alloc(2_000_000)).catch(() => undefined);
  const before = await readdir(folder);
  await t.throwsAsync(openSqliteStore(file), {
    name: 'WaltError',
    message: /^Cannot copy the database to .*: the disk is full.*Make room, and start again/,
  });
  t.deepEqual(withoutShared(await readdir(folder)), before);
  await rm(join(folder, 'filler'));
  t.is(lastStep(file), steps.at(-2));
});
