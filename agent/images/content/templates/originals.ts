// The templates of an image as they came, kept beside the folder that has them filled: another server address needs them.
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Originals } from './fill.ts';

const FILE = 'templates.json';

/** @param folder the one that holds `fs` */
export async function writeOriginals(folder: string, originals: Originals): Promise<void> {
  if (Object.keys(originals).length === 0) return;
  await writeFile(join(folder, FILE), JSON.stringify(originals));
}

/** Empty for an image without templates. */
export async function readOriginals(folder: string): Promise<Originals> {
  const text = await readFile(join(folder, FILE), 'utf8').catch(() => '{}');
  return JSON.parse(text) as Originals;
}
