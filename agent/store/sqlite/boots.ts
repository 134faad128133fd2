// Rows of boots and their stages: how far each boot of a node came, and when.
import { type Selectable, sql } from 'kysely';
import type { BootSignal, BootState } from '../../boot/progress.ts';
import type { BootRecords, StoredBoot } from '../store.ts';
import { readLastId } from './last-id.ts';
import type { SqliteParts } from './parts.ts';
import type { BootRow, BootStageRow } from './schema.ts';
import { queries, statementOf } from './statements.ts';

/** Boots kept of each device; older ones are deleted with their stages. */
const KEPT = 20;

/** The boots in tables `boots` and `boot_stages`. */
export async function bootRecords(parts: SqliteParts): Promise<BootRecords> {
  const { writes } = parts;
  let lastId = await readLastId(parts, 'boots');
  return {
    last: () => readLast(parts),
    before: (boot, most) => readBefore(parts, { ...boot, most }),
    stagesOf: (boot) => readStages(parts, boot),
    begin: (boot) => {
      lastId += 1;
      const stored = { ...boot, id: lastId };
      return {
        id: lastId,
        written: writes.commitLater([insertBoot(stored), deleteOldest(stored)]),
      };
    },
    appendStage: (boot, { at, stage, detail, state, attempt }) => {
      const row = { boot, at, stage, detail: JSON.stringify(detail) };
      return writes.commitLater([updateState({ id: boot, state, attempt }), insertStage(row)]);
    },
  };
}

async function readLast({ database }: SqliteParts): Promise<StoredBoot[]> {
  const rows = await database
    .selectFrom('boots')
    .selectAll()
    .where('id', 'in', (query) =>
      query.selectFrom('boots').select(sql<number>`max(id)`.as('id')).groupBy('mac'),
    )
    .execute();
  return rows.map(storedBoot);
}

async function readBefore(
  { database, writes }: SqliteParts,
  { mac, id, most }: { readonly mac: string; readonly id: number; readonly most: number },
): Promise<StoredBoot[]> {
  await writes.flush();
  const rows = await database
    .selectFrom('boots')
    .selectAll()
    .where('mac', '=', mac)
    .where('id', '<', id)
    .orderBy('id', 'desc')
    .limit(most)
    .execute();
  return rows.map(storedBoot);
}

function storedBoot(row: Selectable<BootRow>): StoredBoot {
  return { ...row, state: row.state as BootState };
}

async function readStages({ database, writes }: SqliteParts, boot: number) {
  await writes.flush();
  const rows = await database
    .selectFrom('boot_stages')
    .selectAll()
    .where('boot', '=', boot)
    .orderBy('at')
    .execute();
  return rows.map(({ at, stage, detail }) => ({
    at,
    stage: stage as BootSignal['kind'],
    detail: JSON.parse(detail) as Record<string, unknown>,
  }));
}

const insertBoot = statementOf<StoredBoot>(['id', 'mac', 'started', 'state', 'attempt'], (boot) =>
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

const updateState = statementOf<Pick<BootRow, 'state' | 'attempt'> & { id: number }>(
  ['id', 'state', 'attempt'],
  ({ id, ...rest }) => queries.updateTable('boots').set(rest).where('id', '=', id),
);
