// Opens the database, in the folder of what outlives a restart, which no other server works on then.
import { join } from 'node:path';
import { makePrivateFile, makePrivateFolder } from '../host/folders/private-folder.ts';
import { holdState } from '../host/folders/state-lock.ts';
import { openSqliteStore } from '../store/sqlite/store.ts';
import type { Store } from '../store/store.ts';

/** Path of the database. @param folder of the server's state */
export function databaseFile(folder: string): string {
  return join(folder, 'walt.db');
}

/**
 * Nobody but root may read the state, also that of an earlier server.
 * @param folder of the server's state, made where it is missing
 * @param print the service's own output
 * @throws {WaltError} where another server works on it
 */
export async function openStore(
  { folder, print }: { readonly folder: string; readonly print: (line: string) => void },
  services: AsyncDisposableStack,
): Promise<Store> {
  await makePrivateFolder(folder);
  const failure = `Cannot start a second server on ${folder}`;
  const held = await holdState(folder, { failure, say: print });
  services.defer(() => held.release());
  const file = databaseFile(folder);
  // SQLite makes its other files (`-wal`, `-shm`) like the first one.
  await makePrivateFile(file);
  const store = await openSqliteStore(file, print);
  services.defer(() => store.close());
  return store;
}
