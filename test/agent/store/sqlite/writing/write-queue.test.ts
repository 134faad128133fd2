import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import test, { type ExecutionContext } from 'ava';
import { migrate } from '../../../../../agent/store/sqlite/schema/migrate.ts';
import { openSqlite } from '../../../../../agent/store/sqlite/sqlite.ts';
import { queries, statement } from '../../../../../agent/store/sqlite/statements.ts';
import type { Writer } from '../../../../../agent/store/sqlite/writing/batch-writer.ts';
import { WriteQueue } from '../../../../../agent/store/sqlite/writing/write-queue.ts';
import { threadWriter } from '../../../../../agent/store/sqlite/writing/writer-thread.ts';
import { temporaryFolder } from '../../../../support/temporary-folder.ts';

const line = (id: number) => [
  statement(
    queries.insertInto('logs').values({ id, at: id, issuer: 'x', stream: 's', line: `line ${id}` }),
  ),
];

async function open(file = ':memory:', pace = {}) {
  const { database, writer } = openSqlite(file);
  await migrate(database);
  /** how many writes each transaction has had */
  const batches: number[] = [];
  const counting: Writer = {
    ...writer,
    write: (batch) => {
      batches.push(batch.length);
      return writer.write(batch);
    },
  };
  return { database, batches, queue: new WriteQueue(counting, pace) };
}

test('WriteQueue resolves when the row can be read', async (t) => {
  const { database, queue } = await open();
  await queue.commit(line(1));
  t.is((await database.selectFrom('logs').selectAll().execute()).length, 1);
});

test('WriteQueue commits what waits together in one transaction', async (t) => {
  const { database, batches, queue } = await open();
  await Promise.all([1, 2, 3, 4].map((id) => queue.commit(line(id))));
  t.deepEqual(batches, [4]);
  t.is((await database.selectFrom('logs').selectAll().execute()).length, 4);
});

test('WriteQueue lets others work while it makes the writes of many', async (t) => {
  const { batches, queue } = await open();
  let turns = 0;
  const seen = new Set<number>();
  const count = () => {
    turns += 1;
    if (turns < 1000) setImmediate(count);
  };
  setImmediate(count);
  const ids = Array.from({ length: 200 }, (_, at) => at + 1);
  const later = ids.map((id) =>
    queue.commitLater(() => {
      seen.add(turns);
      return line(id);
    }),
  );
  await queue.flush();
  await Promise.all(later);
  t.deepEqual(batches, [200]);
  t.is(seen.size, Math.ceil(200 / 32));
});

test('WriteQueue fails a write that cannot be made, and no other', async (t) => {
  const { database, batches, queue } = await open();
  const fine = queue.commitLater(line(1));
  const broken = queue.commitLater(() => {
    throw new Error('no such device');
  });
  broken.catch(() => undefined);
  // It came last: the others are there all the same when all is written.
  await queue.flush();
  t.is((await database.selectFrom('logs').selectAll().execute()).length, 1);
  await t.throwsAsync(broken, { message: 'no such device' });
  await t.notThrowsAsync(fine);
  t.deepEqual(batches, [1]);
});

test('WriteQueue commits in one transaction what arrives in one turn of the event loop', async (t) => {
  const { batches, queue } = await open();
  const arrivals = Promise.withResolvers<unknown>();
  const written: Promise<void>[] = [];
  // As packets do: each one in a callback of its own, behind which promises are settled.
  const arrive = () => {
    written.push(queue.commit(line(written.length)));
    if (written.length === 3) arrivals.resolve(undefined);
  };
  for (let count = 0; count < 3; count += 1) setTimeout(arrive, 1);
  await arrivals.promise;
  await Promise.all(written);
  t.deepEqual(batches, [3]);
});

test('WriteQueue.commitLater() joins the next write, in order', async (t) => {
  const { database, queue } = await open();
  const later = queue.commitLater(line(1));
  await queue.commit(line(2));
  t.is((await database.selectFrom('logs').selectAll().execute()).length, 2);
  await later;
});

test('WriteQueue.commitLater() writes also when no other write comes', async (t) => {
  const { database, queue } = await open();
  await queue.commitLater(line(1));
  t.is((await database.selectFrom('logs').selectAll().execute()).length, 1);
});

test('WriteQueue.commitLater() leaves the disk to others for longer where much was written a moment ago', async (t) => {
  const { batches, queue } = await open(':memory:', { laterMs: 1, busyLaterMs: 600_000 });
  await queue.commitLater(line(1));
  await Promise.all(Array.from({ length: 100 }, (_, at) => queue.commitLater(line(at + 2))));
  const later = queue.commitLater(line(200));
  await sleep(50);
  t.deepEqual(batches, [1, 100]);
  await queue.flush();
  await later;
  t.deepEqual(batches, [1, 100, 1]);
});

test('WriteQueue.commitLater() waits for its time also behind a transaction during which it came', async (t) => {
  const { batches, queue } = await open(':memory:', { laterMs: 600_000 });
  const first = queue.commit(line(1));
  while (batches.length === 0) await new Promise((resolve) => setImmediate(resolve));
  const later = queue.commitLater(line(2));
  await first;
  await sleep(50);
  t.deepEqual(batches, [1]);
  const next = queue.commit(line(3));
  await Promise.all([later, next]);
  t.deepEqual(batches, [1, 2]);
});

test('WriteQueue goes on behind a timer that came too late to have anything to write', async (t) => {
  const { database, queue } = await open(await databaseFile(t));
  const first = queue.commit(line(1));
  // Comes while the first is being written, and is written with the next round: before its own time.
  await sleep(1);
  await Promise.all([first, queue.commitLater(line(2))]);
  await sleep(200);
  await queue.commit(line(3));
  t.is((await database.selectFrom('logs').selectAll().execute()).length, 3);
  await queue.close();
});

test('WriteQueue.flush() waits for what was left for later', async (t) => {
  const { database, queue } = await open();
  void queue.commitLater(line(1));
  await queue.flush();
  t.is((await database.selectFrom('logs').selectAll().execute()).length, 1);
});

for (const where of ['memory', 'a file']) {
  test(`WriteQueue fails the bad write only, and goes on (${where})`, async (t) => {
    const { database, queue } = await open(where === 'memory' ? undefined : await databaseFile(t));
    const results = await Promise.allSettled([
      queue.commit(line(1)),
      queue.commit(line(1)),
      queue.commit(line(2)),
    ]);
    t.deepEqual(
      results.map(({ status }) => status),
      ['fulfilled', 'rejected', 'fulfilled'],
    );
    await queue.commit(line(3));
    const rows = await database.selectFrom('logs').select('id').execute();
    t.deepEqual(
      rows.map(({ id }) => id),
      [1, 2, 3],
    );
    await queue.close();
  });
}

test('WriteQueue leaves nothing of a write whose second statement fails', async (t) => {
  const { database, queue } = await open(await databaseFile(t));
  await queue.commit(line(1));
  await t.throwsAsync(queue.commit([...line(2), ...line(1)]), { message: /UNIQUE/ });
  t.is((await database.selectFrom('logs').selectAll().execute()).length, 1);
  await queue.close();
});

test('WriteQueue keeps the event loop free while the disk is slow', async (t) => {
  const file = await databaseFile(t);
  const { database, queue } = await open(file);
  // Another connection holds the database, which makes every writer wait.
  const other = new DatabaseSync(file);
  other.exec('BEGIN IMMEDIATE');
  let isWritten = false;
  const written = queue.commit(line(1)).then(() => {
    isWritten = true;
  });
  await sleep(200);
  t.false(isWritten);
  other.exec('COMMIT');
  await written;
  t.is((await database.selectFrom('logs').selectAll().execute()).length, 1);
  other.close();
  await queue.close();
});

test('WriteQueue rejects what a database that is gone cannot take', async (t) => {
  const folder = await temporaryFolder(t);
  const writer = threadWriter(join(folder, 'missing', 'walt.db'), '');
  const queue = new WriteQueue(writer);
  await t.throwsAsync(queue.commit(line(1)), { message: /unable to open/ });
  await t.throwsAsync(queue.commit(line(2)), { message: /unable to open/ });
});

test('WriteQueue.flush() waits for what was committed before', async (t) => {
  const { database, queue } = await open();
  void queue.commit(line(1));
  await queue.flush();
  t.is((await database.selectFrom('logs').selectAll().execute()).length, 1);
});

async function databaseFile(t: ExecutionContext): Promise<string> {
  return join(await temporaryFolder(t), 'walt.db');
}

test('WriteQueue.flush() does not wait for writes that come after it', async (t) => {
  const batches: PromiseWithResolvers<readonly []>[] = [];
  const writer: Writer = {
    write: () => {
      const batch = Promise.withResolvers<readonly []>();
      batches.push(batch);
      return batch.promise;
    },
    close: async () => undefined,
  };
  const queue = new WriteQueue(writer);
  const turn = () => new Promise((resolve) => setImmediate(resolve));
  void queue.commit(line(1));
  let isFlushed = false;
  const flushed = queue.flush().then(() => {
    isFlushed = true;
  });
  for (let turns = 0; turns < 3; turns += 1) await turn();
  t.false(isFlushed);
  void queue.commit(line(2));
  batches[0]?.resolve([]);
  await flushed;
  for (let turns = 0; turns < 3; turns += 1) await turn();
  t.is(batches.length, 2, 'the second one is still being written');
  batches[1]?.resolve([]);
  await queue.close();
});

test('WriteQueue commits what comes by the thousand in transactions of 1,024 writes, in their order', async (t) => {
  const { database, batches, queue } = await open();
  const ended: number[] = [];
  const all = Array.from({ length: 2500 }, async (_, id) => {
    await queue.commit(line(id));
    ended.push(id);
  });
  await Promise.all(all);
  t.deepEqual(batches, [1024, 1024, 452]);
  t.deepEqual(
    ended,
    ended.toSorted((left, right) => left - right),
  );
  t.is((await database.selectFrom('logs').selectAll().execute()).length, 2500);
});
