/** What a page of the documentation shows, so that a test can do just that. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '../..');

/** The blocks of code in the page, in their order; `kind` is the word behind the three backticks. */
export async function codeBlocks(page: string, kind: string): Promise<string[]> {
  const text = await readFile(join(ROOT, page), 'utf8');
  return [...text.matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm)].flatMap(([, word, code]) =>
    word === kind && code !== undefined ? [code] : [],
  );
}
