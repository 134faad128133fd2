// A medium that lies there as it was built, of what it would be built of now: then it is not built again. What was built is written down in the
// folder of what is kept.
import { createHash } from 'node:crypto';
import { lstat, mkdir, readdir, readFile, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { inputHash } from '../images/cache/input-hash.ts';
import type { Plan } from '../plan.ts';
import type { BuildOptions, Built } from './build.ts';

/** All that makes media. */
const MAKERS = ['scripts', 'boot-artifacts', 'package.json'];

type Note = { readonly of: string; readonly state: string; readonly sha256: string };

/**
 * Builds the medium, unless it lies there. One that does gets the time of now: nobody is to hold it for older than the server.
 * @param build is called where it has to be built
 */
export async function keptMedium(
  plan: Plan,
  options: BuildOptions,
  build: () => Promise<Built>,
): Promise<Built> {
  const file = join(options.to, plan.output);
  const noteFile = noteOf(file, options);
  const text = JSON.stringify([plan, process.version]);
  const of = await inputHash(options.root, { paths: MAKERS, text });
  const note = await readNote(noteFile);
  if (note?.of === of && note.state === (await stateOf(plan, options))) {
    const now = new Date();
    await utimes(file, now, now);
    await write(noteFile, { ...note, state: await stateOf(plan, options) });
    return { file, bytes: (await lstat(file)).size, sha256: note.sha256 };
  }
  const built = await build();
  await write(noteFile, { of, state: await stateOf(plan, options), sha256: built.sha256 });
  return built;
}

function noteOf(file: string, { places }: BuildOptions): string {
  const name = createHash('sha256').update(file).digest('hex').slice(0, 16);
  return join(places.cache, 'media', `${name}.json`);
}

async function write(file: string, note: Note): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, JSON.stringify(note));
}

/** What cannot be read is built anew. */
async function readNote(file: string): Promise<Note | undefined> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as Note;
  } catch {
    return undefined;
  }
}

/** Changes where somebody has touched a file of it. Empty where one is missing. */
async function stateOf({ output, folder }: Plan, { to }: BuildOptions): Promise<string> {
  try {
    const below = folder === undefined ? [] : await readdir(join(to, folder), { recursive: true });
    const paths = [output, ...below.toSorted().map((name) => join(folder ?? '', name))];
    const states = paths.map(async (path) => {
      const { ino, size, mode, mtimeMs } = await lstat(join(to, path));
      return [path, ino, size, mode, mtimeMs].join(' ');
    });
    return (await Promise.all(states)).join('\n');
  } catch {
    return '';
  }
}
