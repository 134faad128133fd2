// A copy of the database from before an upgrade, for whoever goes back to the version before.
import { existsSync, statSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import { diskWords, messageOf, WaltError } from '../../../errors.ts';
import { lastStepOf } from './migrate.ts';
import { migrations } from './migrations.ts';
import { snapshotDatabase } from './snapshot.ts';

const MIDDLE = '.before-';
/** So many upgrades can be gone back. */
const KEPT = 2;

/**
 * Copies the database to `walt.db.before-<step>`, the first of the steps that it is about to be brought through, and removes older
 * copies. Does nothing where there is no such step.
 * @throws {WaltError} if it cannot be copied: then it is not to be changed either
 */
export async function keepBeforeMigration(file: string): Promise<void> {
  const step = nextStepOf(file);
  if (step === undefined) return;
  const copy = `${file}${MIDDLE}${step}`;
  try {
    await snapshotDatabase(file, copy);
  } catch (cause) {
    const reason = diskWords(cause) ?? messageOf(cause);
    throw new WaltError(
      `Cannot copy the database to ${copy} before it is brought to the form of this version: ${reason}. ` +
        'Nothing was changed. Make room, and start again.',
      { cause },
    );
  }
  await removeOld(file);
}

function nextStepOf(file: string): string | undefined {
  if (!existsSync(file) || statSync(file).size === 0) return undefined;
  const last = lastStep(file);
  // Of a database that a newer version wrote the migrator tells.
  if (last === undefined || migrations[last] === undefined) return undefined;
  return Object.keys(migrations).find((step) => step > last);
}

/**
 * On a full disk SQLite has no room for what connections share: then the file is read without that. What cannot be read
 * at all is for the server to tell of, when it opens the database.
 */
function lastStep(file: string): string | undefined {
  const alone = pathToFileURL(file);
  alone.searchParams.set('immutable', '1');
  try {
    return lastStepIn(file);
  } catch {
    return lastStepIfReadable(alone);
  }
}

function lastStepIfReadable(place: URL): string | undefined {
  try {
    return lastStepIn(place);
  } catch {
    return undefined;
  }
}

function lastStepIn(place: string | URL): string | undefined {
  const database = new DatabaseSync(place, { readOnly: true });
  try {
    return lastStepOf(database);
  } finally {
    database.close();
  }
}

async function removeOld(file: string): Promise<void> {
  const start = `${basename(file)}${MIDDLE}`;
  const copies = (await readdir(dirname(file))).filter((name) => name.startsWith(start));
  const old = copies.toSorted().slice(0, -KEPT);
  for (const name of old) await rm(join(dirname(file), name), { force: true });
}
