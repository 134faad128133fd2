import { stat, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import {
  FILE_BYTES,
  JournalFiles,
} from '../../../../../agent/store/sqlite/device-journal/journal-files.ts';
import { encodeRecord } from '../../../../../agent/store/sqlite/device-journal/records.ts';
import { temporaryFolder } from '../../../../support/temporary-folder.ts';

const ID = 7;

const recordOf = (number: number) =>
  encodeRecord({ number, changes: [{ kind: 'forget', mac: '02:00:00:00:00:01' }] }, ID);

async function numbersIn(database: string): Promise<number[]> {
  const { files, records } = await JournalFiles.open(database, ID);
  await files.close();
  return records.map(({ number }) => number);
}

test('JournalFiles have records of both files, whoever waited for the disk', async (t) => {
  const database = join(await temporaryFolder(t), 'walt.db');
  const { files } = await JournalFiles.open(database, ID);
  await files.append(recordOf(1), 1);
  files.appendNow(recordOf(2), 2);
  files.turn();
  t.is(files.lastOfNext, 2);
  files.appendNow(recordOf(3), 3);
  await files.append(recordOf(4), 4);
  t.deepEqual(await numbersIn(database), [1, 2, 3, 4]);
  files.turn();
  files.appendNow(recordOf(5), 5);
  t.deepEqual(await numbersIn(database), [3, 4, 5]);
  await files.close();
});

test('JournalFiles are as long as they ever will be from the beginning, and for root alone', async (t) => {
  const database = join(await temporaryFolder(t), 'walt.db');
  const { files } = await JournalFiles.open(database, ID);
  await files.close();
  for (const name of ['.leases-1', '.leases-2']) {
    const { size, mode } = await stat(`${database}${name}`);
    t.is(size, FILE_BYTES);
    t.is(mode & 0o777, 0o600);
    await truncate(`${database}${name}`, 10);
  }
  t.deepEqual(await numbersIn(database), []);
  t.is((await stat(`${database}.leases-1`)).size, FILE_BYTES);
});

test('JournalFiles say when a record no longer fits', async (t) => {
  const database = join(await temporaryFolder(t), 'walt.db');
  const { files } = await JournalFiles.open(database, ID);
  t.true(files.hasRoom(FILE_BYTES));
  t.false(files.hasRoom(FILE_BYTES + 1));
  files.appendNow(recordOf(1), 1);
  t.false(files.hasRoom(FILE_BYTES));
  await files.close();
});
