// Rows of boots and their stages: how far each boot of a node came, and when.
import { type Kysely, sql } from 'kysely';
import type { BootRow, BootStageRow, Tables } from './schema.ts';
import { queries, statementOf, type Write } from './statements.ts';

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

const insertBoot = statementOf<StoredBoot>(['id', 'mac', 'started', 'state'], (boot) =>
  queries.insertInto('boots').values(boot),
);

const deleteOldest = statementOf<{ mac: string }>(['mac'], ({ mac }) =>
  queries
    .deleteFrom('boots')
    .where('mac', '=', mac)
    .where('id', 'not in', (query) =>
      query
        .selectFrom('boots')
        .select('id')
        .where('mac', '=', mac)
        .orderBy('id', 'desc')
        .limit(KEPT),
    ),
);

const insertStage = statementOf<BootStageRow>(['boot', 'at', 'stage', 'detail'], (row) =>
  queries.insertInto('boot_stages').values(row),
);

const updateState = statementOf<{ id: number; state: string }>(['id', 'state'], ({ id, state }) =>
  queries.updateTable('boots').set({ state }).where('id', '=', id),
);

/** Adds a boot, under an id that the caller counted, and forgets the oldest of the same device. */
export function writeBoot(boot: StoredBoot): Write {
  return [insertBoot(boot), deleteOldest(boot)];
}

export function writeStage(row: BootStageRow, state: string): Write {
  return [updateState({ id: row.boot, state }), insertStage(row)];
}
