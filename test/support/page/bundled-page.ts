// The page as it is bundled.
import { mkdir, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { pageFiles } from '../../../scripts/bundle/page.ts';

const ROOT = join(import.meta.dirname, '../../..');

/** Bundles the page into a folder. */
export async function bundlePage(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const { name, contents } of await pageFiles(ROOT)) {
    await writeFile(join(folder, basename(name)), contents);
  }
}
