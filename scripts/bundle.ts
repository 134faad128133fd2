// `npm run bundle`: the server, the page and the `walt` command in release/dist, which need nothing but Node.js 24. Beside the server
// lie the program of its thread that writes to the database, and the one that unpacks images.
import { chmod, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { bundles } from './bundle/bundles.ts';
import { PAGE_FOLDER } from './bundle/page.ts';

const ROOT = join(import.meta.dirname, '..');
const DIST = join(ROOT, 'release/dist');

const PAGE = join(DIST, PAGE_FOLDER);

await mkdir(PAGE, { recursive: true });
const made = await bundles(ROOT);
for (const { name, contents, isProgram } of made) {
  await replace(join(DIST, name), contents);
  if (isProgram) console.log(`release/dist/${name}`);
}
// Names have hashes: those of earlier bundles would stay.
const names = made.map(({ name }) => name);
for (const name of await readdir(PAGE)) {
  if (!names.includes(`${PAGE_FOLDER}/${name}`)) await rm(join(PAGE, name), { force: true });
}
console.log(`release/dist/${PAGE_FOLDER}/`);

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
