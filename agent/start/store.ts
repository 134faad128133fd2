// Opens the database, in the folder of what outlives a restart.
import { join } from 'node:path';
import { makePrivateFile, makePrivateFolder } from '../host/folders/private-folder.ts';
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
 */
export async function openStore(
  { folder, print }: { readonly folder: string; readonly print: (line: string) => void },
  services: AsyncDisposableStack,
): Promise<Store> {
  await makePrivateFolder(folder);
  const file = databaseFile(folder);
  // SQLite makes its other files (`-wal`, `-shm`) like the first one.
  await makePrivateFile(file);
  const store = await openSqliteStore(file, print);
  services.defer(() => store.close());
  return store;
}
