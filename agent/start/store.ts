// Opens the database, in the folder of what outlives a restart.
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { openSqliteStore } from '../store/sqlite/store.ts';
import type { Store } from '../store/store.ts';

/** @param folder of the server's state, made where it is missing */
export async function openStore(folder: string, services: AsyncDisposableStack): Promise<Store> {
  await mkdir(folder, { recursive: true });
  const store = await openSqliteStore(join(folder, 'walt.db'));
  services.defer(() => store.close());
  return store;
}
