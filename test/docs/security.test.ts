// The page about security says by which test each thing holds.
import { access, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';

const ROOT = join(import.meta.dirname, '../..');

test('each attack of docs/security.md names tests that exist', async (t) => {
  const page = await readFile(join(ROOT, 'docs/security.md'), 'utf8');
  const rows = (page.split('\n## Attacks\n')[1] ?? '')
    .split('\n')
    .filter((line) => /^\| /.test(line));
  t.true(rows.length > 20);
  for (const row of rows.slice(1)) {
    const named = [...row.matchAll(/`(test\/[^`]+\.test\.ts)`/g)].map(([, path = '']) => path);
    t.true(named.length > 0, row);
    for (const path of named) await t.notThrowsAsync(access(join(ROOT, path)), path);
  }
});
