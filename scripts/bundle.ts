// `npm run bundle`: the server, the page and the `walt` command in release/dist, which need nothing but Node.js 24. Beside the server
// lie the program of its thread that writes to the database, and the one that unpacks images. What lies there as it was made is not made again,
// unless `--force` says so.
import { chmod, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isAsBuilt, noteBuilt, noteFile } from './builders/as-built.ts';
import { bundles } from './bundle/bundles.ts';
import { PAGE_FOLDER } from './bundle/page.ts';
import { inputHash } from './images/cache/input-hash.ts';
import { placesOf } from './inputs/fetch.ts';
import { noteInputs } from './media/media-inputs.ts';

const ROOT = join(import.meta.dirname, '..');
const DIST = join(ROOT, 'release/dist');

const PAGE = join(DIST, PAGE_FOLDER);

/** All that bundles are made of: packages are those of the lock. */
const MAKERS = [
  ...['agent', 'page', 'scripts'],
  ...['package.json', 'package-lock.json', 'tsconfig.json'],
];

const note = noteFile(placesOf(process.env, ROOT).cache, DIST);
const of = await inputHash(ROOT, { paths: MAKERS, text: process.version });
const force = process.argv.includes('--force');
if (force || !(await isAsBuilt(note, of))) {
  await noteBuilt(note, { of, files: await makeBundles() });
}
await noteInputs(join(DIST, 'media'), ROOT);

/** @returns paths of what was made */
async function makeBundles(): Promise<string[]> {
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
  return names.map((name) => join(DIST, name));
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
