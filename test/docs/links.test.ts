import { existsSync, globSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import test from 'ava';

const root = join(import.meta.dirname, '../..');
const pages = ['README.md', 'CHANGELOG.md', ...globSync('docs/**/*.md', { cwd: root })];

test('the pages of docs/decisions are numbered without a gap', (t) => {
  const decisions = pages.filter((path) => path.startsWith('docs/decisions/')).toSorted();
  t.true(decisions.length > 0);
  const numbers = decisions.map((path) => Number(/\/(\d{4})-[^/]*$/.exec(path)?.[1]));
  t.deepEqual(
    numbers,
    decisions.map((_, at) => at + 1),
  );
});

for (const path of pages) {
  test(`${path} links to files that exist`, async (t) => {
    const page = await readFile(join(root, path), 'utf8');
    const links = [...page.matchAll(/\]\(([^)#:\s]+)(?:#[^)]*)?\)/g)].map(([, link = '']) => link);
    const dead = links.filter((link) => !existsSync(join(root, dirname(path), link)));
    t.deepEqual(dead, []);
  });
}

test('sources name decisions that exist', async (t) => {
  const sources = globSync('{agent,scripts,bench}/**/*.ts', { cwd: root });
  for (const source of sources) {
    const text = await readFile(join(root, source), 'utf8');
    for (const [named] of text.matchAll(/docs\/[\w/-]+\.md/g)) {
      t.true(existsSync(join(root, named)), `${source}: ${named}`);
    }
  }
});
