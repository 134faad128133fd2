import { access, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { WaltError } from '../../../../agent/errors.ts';
import { runSql } from '../../../../agent/store/sqlite/sql-console.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

type More = { readonly isWriting?: boolean; readonly seconds?: number; readonly rows?: number };

async function allOf<Line>(lines: AsyncIterable<Line>): Promise<Line[]> {
  const all: Line[] = [];
  for await (const line of lines) all.push(line);
  return all;
}

async function open(t: ExecutionContext) {
  const folder = await temporaryFolder(t);
  const file = join(folder, 'walt.db');
  const { signal } = new AbortController();
  const run = async (sql: string, more: More = {}) =>
    await allOf(runSql(file, sql, { isWriting: false, signal, ...more }));
  await run("CREATE TABLE a (b, c); INSERT INTO a VALUES (1, 'x\ny'), (2, NULL)", {
    isWriting: true,
  });
  return { folder, run };
}

test('runSql() gives the rows of each result', async (t) => {
  const { run } = await open(t);
  t.deepEqual(await run('SELECT * FROM a; -- all\nSELECT count(*) AS n FROM a;'), [
    { result: 1, row: { b: 1, c: 'x\ny' } },
    { result: 1, row: { b: 2, c: null } },
    { result: 2, row: { n: 2 } },
  ]);
  t.deepEqual(await run('SELECT * FROM a WHERE 0'), []);
  t.deepEqual(await run('-- a comment is no option\nSELECT 1 AS one'), [
    { result: 1, row: { one: 1 } },
  ]);
});

const refused: readonly (readonly [sql: string, message: RegExp, more?: More])[] = [
  ['INSERT INTO a VALUES (3, 4)', /^attempt to write a readonly database$/],
  ['DELETE FROM a', /^attempt to write a readonly database$/],
  ['SELECT * FROM nope', /^no such table: nope$/],
  ['SELEKT', /^near "SELEKT": syntax error$/],
  ['.shell touch HERE', /syntax error/],
  ["ATTACH 'HERE' AS other", /cannot run ATTACH in safe mode/],
  ["VACUUM INTO 'HERE'", /./],
  ["SELECT readfile('/etc/passwd')", /cannot use the readfile\(\) function in safe mode/],
  ["SELECT writefile('HERE', 'x')", /cannot use the writefile\(\) function in safe mode/],
  ["SELECT load_extension('HERE')", /cannot use the load_extension\(\) function in safe mode/],
  ['SELECT * FROM a', /^There are more than 1 rows: add LIMIT\.$/, { rows: 1 }],
  [
    'WITH RECURSIVE t (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t) SELECT count(*) FROM t',
    /^It was ended: it took more than 1 s\.$/,
    { seconds: 1 },
  ],
  ['SELECT length(hex(zeroblob(400000000)))', /^out of memory$/],
];

for (const [sql, message, more] of refused) {
  test(`runSql() refuses ${sql}`, async (t) => {
    const { folder, run } = await open(t);
    const target = join(folder, 'target');
    await t.throwsAsync(run(sql.replace('HERE', target), more), { instanceOf: WaltError, message });
    await t.throwsAsync(access(target), { code: 'ENOENT' });
    t.is((await run('SELECT * FROM a')).length, 2);
  });
}

test('runSql() says of a file that is no database', async (t) => {
  const folder = await temporaryFolder(t);
  const file = join(folder, 'text');
  await writeFile(file, 'no database'.repeat(100));
  const { signal } = new AbortController();
  const rows = allOf(runSql(file, 'SELECT * FROM a', { isWriting: false, signal }));
  await t.throwsAsync(rows, { message: /^file is not a database$/ });
});
