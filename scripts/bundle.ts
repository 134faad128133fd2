// `npm run bundle`: the server and the `walt` command in release/dist, which need nothing but Node.js 24. Beside the server
// lie the program of its thread that writes to the database, and the one that unpacks images.
import { chmod, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';

const ROOT = join(import.meta.dirname, '..');
const DIST = join(ROOT, 'release/dist');

/** What is bundled: entry point and name of the file, and whether people start it. */
const PROGRAMS = [
  { entry: 'agent/main.ts', name: 'walt-server', isStarted: true },
  { entry: 'agent/cli/main.ts', name: 'walt', isStarted: true },
  {
    entry: 'agent/store/sqlite/writer-program.ts',
    name: 'walt-server-writer.mjs',
    isStarted: false,
  },
  {
    entry: 'agent/images/intake/unpacker/program.ts',
    name: 'walt-server-unpacker.mjs',
    isStarted: false,
  },
] as const;

// A shell runs the launcher, whose last line ends it; to Node.js, which the launcher runs, all of it is a comment.
const [shebang = '', ...launcher] = await readLines(join(import.meta.dirname, 'launcher.sh'));
const LAUNCHER = [shebang, "':' /*", ...launcher, '*/'].join('\n');

// Dependencies written as CommonJS expect these three, which a module does not have.
const REQUIRE = `import { createRequire as createRequireOfBundle } from 'node:module';
const require = createRequireOfBundle(import.meta.url);
const __filename = import.meta.filename;
const __dirname = import.meta.dirname;`;

await mkdir(DIST, { recursive: true });
for (const { entry, name, isStarted } of PROGRAMS) {
  const result = await build({
    entryPoints: [join(ROOT, entry)],
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    banner: { js: isStarted ? `${LAUNCHER}\n${REQUIRE}` : REQUIRE },
    // Has a native part, which is looked for when a shell on a terminal is opened.
    external: ['@lydell/node-pty'],
    legalComments: 'linked',
    outfile: join(DIST, name),
  });
  for (const { path, contents } of result.outputFiles) await replace(path, contents);
  console.log(`release/dist/${name}`);
}

async function readLines(path: string): Promise<string[]> {
  return (await readFile(path, 'utf8')).trimEnd().split('\n');
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
