/** Puts what a bench measured into `docs/performance.md`, between the marks of its section. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const page = join(import.meta.dirname, '../../docs/performance.md');

/** Throws where the page has no section of this name. */
export async function writeSection(name: string, text: string): Promise<void> {
  const [begin, end] = [`<!-- ${name}: begin -->`, `<!-- ${name}: end -->`];
  const before = await readFile(page, 'utf8');
  const from = before.indexOf(begin);
  const to = before.indexOf(end);
  if (from < 0 || to < from) throw new Error(`Cannot find ${begin} … ${end} in ${page}`);
  await writeFile(page, `${before.slice(0, from)}${begin}\n\n${text}\n\n${before.slice(to)}`);
}
