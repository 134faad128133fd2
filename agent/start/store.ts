// Opens the database, in the folder of what outlives a restart.
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { openSqliteStore, type SqliteStore } from '../store/sqlite/store.ts';

/** @param folder of the server's state, made where it is missing */
export async function openStore(
  folder: string,
  services: AsyncDisposableStack,
): Promise<SqliteStore> {
  await mkdir(folder, { recursive: true });
  const store = await openSqliteStore(join(folder, 'walt.db'));
  services.defer(() => store.close());
  return store;
}
