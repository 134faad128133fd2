// Files are changed so that they can be put back as they were: what they held is written down first.
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { messageOf, WaltError } from '../errors.ts';
import { makeFolders } from '../host/folders/make-folders.ts';
import type { SetupFile } from './plan.ts';

/** Below /etc. */
const RECORD = 'walt/setup-undo.json';

/** What a file held before: nothing where there was none. */
type Before = { readonly path: string; readonly text: string | null };

/** What `--undo` would put back; none where nothing was set up. */
export async function recorded(etc: string): Promise<readonly Before[] | undefined> {
  const text = await contentOf(join(etc, RECORD));
  return text === null ? undefined : (JSON.parse(text) as Before[]);
}

/**
 * Writes files. What an earlier setup had changed, and this one does not, is put back.
 * @throws {WaltError} where one cannot be written: all are then as they were, or the message says how they get so
 */
export async function writeFiles(etc: string, files: readonly SetupFile[]): Promise<void> {
  const earlier = (await recorded(etc)) ?? [];
  const before: Before[] = [];
  for (const { path } of files) {
    const known = earlier.find((file) => file.path === path);
    before.push(known ?? { path, text: await contentOf(join(etc, path)) });
  }
  const gone = earlier.filter((old) => !files.some(({ path }) => path === old.path));
  const record = { path: RECORD, text: JSON.stringify([...before, ...gone], null, 2) };
  const done: Before[] = [];
  for (const file of [record, ...gone, ...files]) {
    const now = { path: file.path, text: await contentOf(join(etc, file.path)) };
    try {
      await putBack(etc, file);
    } catch (cause) {
      const outcome = (await takeBack(etc, done))
        ? 'Nothing was changed'
        : 'Some files have changed: walt-server-setup --undo makes them what they were';
      const why = `${join(etc, file.path)}: ${messageOf(cause)}`;
      throw new WaltError(`Cannot write ${why}. ${outcome}.`, { cause });
    }
    done.push(now);
  }
}

/** The record is the first, and stays where something else could not be taken back. @returns whether all was */
async function takeBack(etc: string, done: readonly Before[]): Promise<boolean> {
  try {
    for (const file of done.toReversed()) await putBack(etc, file);
    return true;
  } catch {
    return false;
  }
}

/** Makes all files what they were. @returns whether there was something to undo */
export async function undo(etc: string): Promise<boolean> {
  const before = await recorded(etc);
  if (before === undefined) return false;
  for (const file of before) await putBack(etc, file);
  await rm(join(etc, RECORD));
  return true;
}

async function putBack(etc: string, { path, text }: Before): Promise<void> {
  if (text === null) await rm(join(etc, path), { force: true });
  else await write(join(etc, path), text);
}

/** A file appears whole or not at all. */
async function write(path: string, text: string): Promise<void> {
  await makeFolders(dirname(path));
  const unfinished = `${path}.walt-new`;
  try {
    await writeFile(unfinished, text);
    await rename(unfinished, path);
  } catch (thrown) {
    await rm(unfinished, { force: true }).catch(() => undefined);
    throw thrown;
  }
}

async function contentOf(path: string): Promise<string | null> {
  return readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
}
