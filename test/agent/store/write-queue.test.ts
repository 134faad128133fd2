import test from 'ava';
import { writeLog } from '../../../agent/store/logs.ts';
import { migrate } from '../../../agent/store/migrations.ts';
import { openSqlite } from '../../../agent/store/sqlite.ts';
import { WriteQueue } from '../../../agent/store/write-queue.ts';

const line = (id: number) => writeLog({ id, at: id, issuer: 'x', stream: 's', line: `line ${id}` });

async function open() {
  const database = openSqlite(':memory:');
  await migrate(database);
  return { database, queue: new WriteQueue(database) };
}

test('WriteQueue resolves when the row can be read', async (t) => {
  const { database, queue } = await open();
  await queue.commit(line(1));
  t.is((await database.selectFrom('logs').selectAll().execute()).length, 1);
});

test('WriteQueue commits what waits together in one transaction', async (t) => {
  const { database, queue } = await open();
  const seen: unknown[] = [];
  const note = (id: number) =>
    queue.commit(async (transaction) => {
      seen.push(transaction);
      await line(id)(transaction);
    });
  await Promise.all([1, 2, 3, 4].map(note));
  t.is(new Set(seen).size, 1);
  t.is(seen.length, 4);
  t.is((await database.selectFrom('logs').selectAll().execute()).length, 4);
});

test('WriteQueue commits in one transaction what arrives in one turn of the event loop', async (t) => {
  const { queue } = await open();
  const transactions = new Set<unknown>();
  const note = () =>
    queue.commit(async (transaction) => {
      transactions.add(transaction);
    });
  const arrivals = Promise.withResolvers<unknown>();
  const written: Promise<void>[] = [];
  // As packets do: each one in a callback of its own, behind which promises are settled.
  const arrive = () => {
    written.push(note());
    if (written.length === 3) arrivals.resolve(undefined);
  };
  for (let count = 0; count < 3; count += 1) setTimeout(arrive, 1);
  await arrivals.promise;
  await Promise.all(written);
  t.is(transactions.size, 1);
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

test('WriteQueue.flush() waits for what was left for later', async (t) => {
  const { database, queue } = await open();
  void queue.commitLater(line(1));
  await queue.flush();
  t.is((await database.selectFrom('logs').selectAll().execute()).length, 1);
});

test('WriteQueue fails the bad write only, and goes on', async (t) => {
  const { database, queue } = await open();
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
});

test('WriteQueue.flush() waits for what was committed before', async (t) => {
  const { database, queue } = await open();
  void queue.commit(line(1));
  await queue.flush();
  t.is((await database.selectFrom('logs').selectAll().execute()).length, 1);
});
