// `npm run bundle`: the server and the `walt` command in release/dist, which need nothing but Node.js 24. Beside the server
// lie the program of its thread that writes to the database, and the one that unpacks images.
import { chmod, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { bundles } from './bundle/bundles.ts';

const ROOT = join(import.meta.dirname, '..');
const DIST = join(ROOT, 'release/dist');

await mkdir(DIST, { recursive: true });
for (const { name, contents } of await bundles(ROOT)) {
  await replace(join(DIST, name), contents);
  if (!name.endsWith('.LEGAL.txt')) console.log(`release/dist/${name}`);
}

/** Writes only what has changed, and whole: a program that is being started never sees half a file. */
async function replace(path: string, contents: Uint8Array): Promise<void> {
  if (await holds(path, contents)) return;
  const unfinished = `${path}.${process.pid}`;
  await writeFile(unfinished, contents);
  await chmod(unfinished, 0o755);
  await rename(unfinished, path);
}

async function holds(path: string, contents: Uint8Array): Promise<boolean> {
  return readFile(path).then(
    (present) => present.equals(contents),
    () => false,
  );
}
