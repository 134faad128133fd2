// However long the log is, its end is found by index: what SQLite says of how it finds lines.
import test from 'ava';
import type { RawBuilder } from 'kysely';
import { logQueries } from '../../../../agent/store/sqlite/log-queries.ts';
import { openSqliteStore } from '../../../../agent/store/sqlite/store.ts';

const SOURCES = [
  { issuer: 'pc-1', stream: 'a' },
  { issuer: 'pc-2', stream: 'b' },
];
const LAST = { limit: 100, last: true };

const plans: readonly (readonly [string, RawBuilder<unknown>, RegExp])[] = [
  ['the last lines', logQueries.ofAll(LAST), /^SEARCH logs USING INTEGER PRIMARY KEY/],
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
    /^SEARCH logs USING COVERING INDEX logs_at \(at>\? AND at<\?\)/,
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
    for (const step of plan) t.notRegex(step, /^SCAN (logs|line)\b/, plan.join('\n'));
  });
}

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
