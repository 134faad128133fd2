// Whether files lie there as they were built, of what they would be built of now: then nobody has to build them again. A note says what was built.
import { createHash } from 'node:crypto';
import { lstat, mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** What a build was made of, as a hash; and what it wrote, as absolute paths. */
export type BuiltFiles = { readonly of: string; readonly files: readonly string[] };

type Note = BuiltFiles & { readonly state: string };

/** Where the note is of what is built at a path. @param cache folder that keeps what builds need */
export function noteFile(cache: string, path: string): string {
  const name = createHash('sha256').update(path).digest('hex').slice(0, 16);
  return join(cache, 'built', `${name}.json`);
}

/** Whether nobody has touched, removed or built anew one of the files. */
export async function isAsBuilt(note: string, of: string): Promise<boolean> {
  const known = await readNote(note);
  if (known?.of !== of) return false;
  const state = await stateOf(known.files);
  return state !== undefined && state === known.state;
}

/** To be called once they are written. */
export async function noteBuilt(note: string, { of, files }: BuiltFiles): Promise<void> {
  await mkdir(dirname(note), { recursive: true });
  await writeFile(note, JSON.stringify({ of, files, state: await stateOf(files) }));
}

/** What cannot be read is built anew. */
async function readNote(note: string): Promise<Note | undefined> {
  try {
    return JSON.parse(await readFile(note, 'utf8')) as Note;
  } catch {
    return undefined;
  }
}

/** @returns undefined where one of them is missing */
async function stateOf(files: readonly string[]): Promise<string | undefined> {
  const states = files.map(async (path) => {
    const { ino, size, mode, mtimeMs } = await lstat(path);
    return [ino, size, mode, mtimeMs].join(' ');
  });
  return await Promise.all(states).then(
    (all) => all.join('\n'),
    () => undefined,
  );
}
