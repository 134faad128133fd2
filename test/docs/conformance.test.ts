import { globSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';

const root = join(import.meta.dirname, '../..');

/** The tests that a conformance page names: the last cell of each row, `file › title`, several of them where need be. */
function namedTests(page: string): { file: string; title: string }[] {
  return [...page.matchAll(/`(test\/[^`]*?) › ([^`]*)`/g)].map(([, file = '', title = '']) => {
    return { file, title };
  });
}

/** A pattern for each text of a source file; what a template fills in may be anything. */
function patternsOf(source: string): RegExp[] {
  const texts = source.matchAll(/'((?:[^'\\\n]|\\.)+)'|`((?:[^`\\]|\\.)+)`/g);
  return [...texts].flatMap(([, quoted, template]) => {
    const parts = quoted === undefined ? (template ?? '').split(/\$\{[^`]*?\}/) : [quoted];
    const isTelling = parts.join('').trim().length >= 10;
    return isTelling ? [new RegExp(`^${parts.map(escaped).join('.*')}$`, 's')] : [];
  });
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

const pages = globSync('docs/conformance-*.md', { cwd: root });

test('there are conformance pages', (t) => {
  t.true(pages.includes('docs/conformance-tftp.md'));
});

for (const path of pages) {
  test(`${path} names a test that exists in every row`, async (t) => {
    const page = await readFile(join(root, path), 'utf8');
    const rows = page.split('\n').filter((line) => /^\|(?!-|\s*requirement)/.test(line));
    t.true(rows.length > 10);
    for (const row of rows) t.not(namedTests(row).length, 0, row);
    for (const { file, title } of namedTests(page)) {
      const patterns = patternsOf(await readFile(join(root, file), 'utf8'));
      t.true(
        patterns.some((pattern) => pattern.test(title)),
        `${file} has no test "${title}"`,
      );
    }
  });
}
