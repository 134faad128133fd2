import { DatabaseSync } from 'node:sqlite';
import test from 'ava';
import { batchWriter } from '../../../../../agent/store/sqlite/writing/batch-writer.ts';

test('a batch is one transaction, whatever rests there are in it', (t) => {
  const database = new DatabaseSync(':memory:');
  database.exec('CREATE TABLE numbers (number INTEGER PRIMARY KEY)');
  const rests: boolean[] = [];
  const write = batchWriter(database, () => rests.push(database.isTransaction));
  const insert = (number: number) => [
    { sql: 'INSERT INTO numbers VALUES (?)', parameters: [number] },
  ];
  t.deepEqual(write(Array.from({ length: 49 }, (_, at) => insert(at))), []);
  t.deepEqual(rests, [true, true, true]);
  t.like(database.prepare('SELECT count(*) AS count FROM numbers').get(), { count: 49 });
});
