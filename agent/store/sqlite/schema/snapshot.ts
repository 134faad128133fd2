// A copy of the database as it is at one moment, while others write to it.
import { open, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { makePrivateFile } from '../../../host/folders/private-folder.ts';

/**
 * Copies all that is committed into a new file, which root alone may read. It is on disk, or there is none.
 * @throws {Error} of SQLite or node:fs, as where the disk is full
 */
export async function snapshotDatabase(file: string, to: string): Promise<void> {
  try {
    await rm(to, { force: true });
    // SQLite fills an empty file, and leaves its mode.
    await makePrivateFile(to);
    const database = new DatabaseSync(file, { readOnly: true });
    try {
      database.exec('PRAGMA busy_timeout = 5000');
      database.prepare('VACUUM INTO ?').run(to);
    } finally {
      database.close();
    }
    await toDisk(to);
    await toDisk(dirname(to));
  } catch (reason) {
    await rm(to, { force: true });
    throw reason;
  }
}

/** SQLITE_CORRUPT and SQLITE_NOTADB */
const DAMAGED = new Set([11, 26]);

/** Whether another connection has the database open, as a server has that runs. */
export function isDatabaseInUse(file: string): boolean {
  const database = new DatabaseSync(file);
  try {
    database.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE; ROLLBACK;');
    return false;
  } catch (thrown) {
    const { errcode, message } = thrown as Error & { readonly errcode?: number };
    if (/database is locked/.test(message)) return true;
    // Nobody works with a file that is no database any more: it is what a backup is put in the place of.
    if (errcode !== undefined && DAMAGED.has(errcode & 0xff)) return false;
    throw thrown;
  } finally {
    database.close();
  }
}

async function toDisk(path: string): Promise<void> {
  await using handle = await open(path, 'r');
  await handle.sync();
}
