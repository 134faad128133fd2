// However long the log is, its end is found by index: what SQLite says of how it finds lines.
import test from 'ava';
import type { RawBuilder } from 'kysely';
import { logQueries } from '../../../../../agent/store/sqlite/log/log-queries.ts';
import { openSqliteStore } from '../../../../../agent/store/sqlite/store.ts';

const SOURCES = [
  { issuer: 'pc-1', stream: 'a' },
  { issuer: 'pc-2', stream: 'b' },
];
const LAST = { limit: 100, last: true };

const plans: readonly (readonly [string, RawBuilder<unknown>, RegExp])[] = [
  ['the last lines', logQueries.ofAll(LAST), /^SEARCH logs USING INTEGER PRIMARY KEY/],
  [
    'the last lines of sources on a walk',
    logQueries.ofWalk({ ...LAST, issuers: ['a'], exceptStreams: ['b'], stream: 'c' }),
    /^SEARCH logs USING INTEGER PRIMARY KEY/,
  ],
  [
    'the last lines of sources',
    logQueries.ofSources(LAST, SOURCES),
    /USING COVERING INDEX logs_source \(issuer=\? AND stream=\? AND rowid>\? AND rowid<\?\)/,
  ],
  [
    'lines of sources in a time',
    logQueries.ofSources({ ...LAST, from: 1, to: 2 }, SOURCES),
    /USING INDEX logs_source \(issuer=\? AND stream=\? AND rowid>\? AND rowid<\?\)/,
  ],
  [
    'the next source',
    logQueries.sourceBehind({ issuer: '', stream: '' }),
    /^SEARCH logs USING COVERING INDEX logs_source \(issuer=\? AND stream>\?\)/,
  ],
  [
    'the ids of a time',
    logQueries.idsBetween(1, 2),
    /^SEARCH logs USING (COVERING )?INDEX logs_time \(<expr>=\? AND at>\? AND at<\?\)/,
  ],
];

for (const [what, query, found] of plans) {
  test(`SQLite finds ${what} by index`, async (t) => {
    const store = await openSqliteStore(':memory:');
    t.teardown(() => store.close());
    const { sql, parameters } = query.compile(store.database);
    const explain = {
      ...query.compile(store.database),
      sql: `EXPLAIN QUERY PLAN ${sql}`,
      parameters,
    };
    const { rows } = await store.database.executeQuery<{ detail: string }>(explain);
    const plan = rows.map(({ detail }) => detail);
    t.true(
      plan.some((step) => found.test(step)),
      plan.join('\n'),
    );
    for (const step of plan) t.notRegex(step, /^SCAN (logs|line)$/, plan.join('\n'));
  });
}

test('appendAll() keeps the order of lines, however many there are', async (t) => {
  const { logs, close } = await openSqliteStore(':memory:');
  t.teardown(close);
  const said: string[] = [];
  for (const count of [0, 1, 49, 50, 51, 120, 100]) {
    const lines = Array.from({ length: count }, (_, index) => `${count}: ${index}`);
    said.push(...lines);
    await logs.appendAll(lines.map((line) => ({ at: 1, issuer: 'x', stream: 's', line }))).written;
  }
  const read = await logs.read({ limit: 1000 });
  t.deepEqual(
    read.map(({ line }) => line),
    said,
  );
  t.deepEqual(
    read.map(({ id }) => id),
    said.map((_, index) => index + 1),
  );
});

test('sources() has each issuer with each of its streams, once', async (t) => {
  const { logs, close } = await openSqliteStore(':memory:');
  t.teardown(close);
  const line = { at: 1, line: 'x' };
  const said = ['b.2', 'a.1', 'b.1', 'a.1', 'b.2'].map((name) => name.split('.'));
  await logs.appendAll(said.map(([issuer = '', stream = '']) => ({ ...line, issuer, stream })))
    .written;
  const sources = (await logs.sources()).map(({ issuer, stream }) => `${issuer}.${stream}`);
  t.deepEqual(sources, ['a.1', 'b.1', 'b.2']);
});

const BLOCK = 8192;
/** Times of lines by their ids, from 1 on. */
const orders: Readonly<Record<string, (id: number) => number>> = {
  'in the order of ids': (id) => id * 10,
  'in no order': (id) => (id * 7919) % 300_000,
  'late by a day': (id) => (id % 5000 === 0 ? 1 : id * 10),
  'in reverse': (id) => 300_000 - id * 10,
  'all the same': () => 7,
};

for (const [order, timeOf] of Object.entries(orders)) {
  test(`idsOf() is right where times are ${order}, and lines are missing`, async (t) => {
    const { logs, writes, close } = await openSqliteStore(':memory:');
    t.teardown(close);
    const count = 3 * BLOCK + 500;
    const lines = Array.from({ length: count }, (_, index) => ({
      ...{ at: timeOf(index + 1), issuer: 'x', stream: 's', line: '' },
    }));
    await logs.appendAll(lines).written;
    const isGone = (id: number) => (id > 1000 && id < 2 * BLOCK + 9) || id % 3 === 0;
    const gone = `DELETE FROM logs WHERE (id > 1000 AND id < ${2 * BLOCK + 9}) OR id % 3 = 0`;
    await writes.commit([{ sql: gone, parameters: [] }]);
    const left = lines.flatMap(({ at }, index) =>
      isGone(index + 1) ? [] : [{ at, id: index + 1 }],
    );
    const times = [undefined, 0, 1, 7, 9000, 120_001, 170_000, 249_990, 400_000];
    for (const from of times) {
      for (const to of times) {
        const fits = ({ at }: { at: number }) => at >= (from ?? 0) && at <= (to ?? Infinity);
        const first = left.find(fits);
        const last = left.findLast(fits);
        const expected = first && last && { after: first.id - 1, before: last.id + 1 };
        t.deepEqual(await logs.idsOf({ from, to }), expected, `${from} to ${to}`);
      }
    }
  });
}

test('idsOf() of a log without lines is nothing', async (t) => {
  const { logs, close } = await openSqliteStore(':memory:');
  t.teardown(close);
  t.is(await logs.idsOf({ from: 1 }), undefined);
});
