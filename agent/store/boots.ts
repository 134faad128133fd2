// Rows of boots and their stages: how far each boot of a node came, and when.
import { type Kysely, sql } from 'kysely';
import type { BootRow, BootStageRow, Tables } from './schema.ts';
import type { Write } from './write-queue.ts';

export type StoredBoot = Omit<BootRow, 'id'> & { id: number };

/** Boots kept of each device; older ones are deleted with their stages. */
const KEPT = 20;

/** The last boot of each device. */
export async function readLastBoots(database: Kysely<Tables>): Promise<StoredBoot[]> {
  return await database
    .selectFrom('boots')
    .selectAll()
    .where('id', 'in', (query) =>
      query.selectFrom('boots').select(sql<number>`max(id)`.as('id')).groupBy('mac'),
    )
    .execute();
}

export async function readStages(database: Kysely<Tables>, boot: number): Promise<BootStageRow[]> {
  return await database
    .selectFrom('boot_stages')
    .selectAll()
    .where('boot', '=', boot)
    .orderBy('at')
    .execute();
}

export async function readLastBootId(database: Kysely<Tables>): Promise<number> {
  const row = await database
    .selectFrom('boots')
    .select(({ fn }) => fn.max('id').as('id'))
    .executeTakeFirst();
  return row?.id ?? 0;
}

/** Adds a boot, under an id that the caller counted, and forgets the oldest of the same device. */
export function writeBoot(boot: StoredBoot): Write {
  return async (transaction) => {
    await transaction.insertInto('boots').values(boot).execute();
    await transaction
      .deleteFrom('boots')
      .where('mac', '=', boot.mac)
      .where('id', 'not in', (query) =>
        query
          .selectFrom('boots')
          .select('id')
          .where('mac', '=', boot.mac)
          .orderBy('id', 'desc')
          .limit(KEPT),
      )
      .execute();
  };
}

export function writeStage(row: BootStageRow, state: string): Write {
  return async (transaction) => {
    await transaction.updateTable('boots').set({ state }).where('id', '=', row.boot).execute();
    await transaction.insertInto('boot_stages').values(row).execute();
  };
}
