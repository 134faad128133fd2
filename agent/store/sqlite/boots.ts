// Rows of boots and their stages: how far each boot of a node came, and when.
import { type Selectable, sql } from 'kysely';
import type { BootSignal, BootState } from '../../boot/progress.ts';
import type { BootContent, BootRecords, StoredBoot } from '../records/boots.ts';
import { readLastId } from './last-id.ts';
import type { SqliteParts } from './parts.ts';
import type { BootRow, BootStageRow } from './schema/schema.ts';
import { queries, type Statement, statement, statementOf } from './statements.ts';

/** Boots kept of each device, and the last one that came up; older ones are deleted with their stages. */
const KEPT = 20;

/** The boots in tables `boots` and `boot_stages`. */
export async function bootRecords(parts: SqliteParts): Promise<BootRecords> {
  const { writes } = parts;
  const lastOfBefore = await readLastId(parts, 'boots');
  const lastStage = await readLastStage(parts);
  let lastId = lastOfBefore;
  return {
    last: () => readLast(parts),
    before: (boot, most) => readBefore(parts, { ...boot, most }),
    stagesOf: (boot) => readStages(parts, boot),
    begin: (boot) => {
      lastId += 1;
      const { model = null, image = null } = boot;
      const stored = { ...boot, model, image, id: lastId };
      const older = boot.isFirst ? [] : [deleteOldest(stored)];
      return { id: lastId, written: writes.commitLater([insertBoot(stored), ...older]) };
    },
    appendStage: (boot, { at, stage, detail, state, attempt, model, image }) => {
      const row = { boot, at, stage, detail: JSON.stringify(detail) };
      const reached = { id: boot, state, attempt, model: model ?? null, image: image ?? null };
      return writes.commitLater([updateState(reached), insertStage(row)]);
    },
    good: (content, most) => readGood(parts, content, most),
    shift: (by) => writes.commit(shiftOf({ lastBoot: lastOfBefore, lastStage, by })),
  };
}

/** SQLite numbers all rows; a boot of an earlier run may have stages of this one. */
async function readLastStage({ database }: SqliteParts): Promise<number> {
  const last = sql<{ last: number | null }>`SELECT max(rowid) AS last FROM boot_stages`;
  const { rows } = await last.execute(database);
  return rows[0]?.last ?? 0;
}

function shiftOf({
  lastBoot,
  lastStage,
  by,
}: Readonly<Record<'lastBoot' | 'lastStage' | 'by', number>>): Statement[] {
  const boots = queries
    .updateTable('boots')
    .set((expression) => ({ started: expression('started', '+', by) }))
    .where('id', '>', lastBoot);
  const stages = queries
    .updateTable('boot_stages')
    .set((expression) => ({ at: expression('at', '+', by) }))
    .where(sql`rowid`, '>', lastStage);
  return [statement(boots), statement(stages)];
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

async function readGood(
  { database, writes }: SqliteParts,
  { model, image }: BootContent,
  most: number,
): Promise<StoredBoot[]> {
  await writes.flush();
  let query = database.selectFrom('boots').selectAll().where('attempt', '=', 0);
  query = query.where('model', '=', model ?? '');
  if (image !== undefined) query = query.where('image', '=', image);
  const rows = await query.orderBy('id', 'desc').limit(most).execute();
  return rows.map(storedBoot);
}

function storedBoot({ model, image, ...row }: Selectable<BootRow>): StoredBoot {
  return {
    ...{ ...row, state: row.state as BootState },
    ...(model === null ? {} : { model }),
    ...(image === null ? {} : { image }),
  };
}

async function readStages({ database, writes }: SqliteParts, boot: number) {
  await writes.flush();
  const rows = await database
    .selectFrom('boot_stages')
    .selectAll()
    .where('boot', '=', boot)
    // In the order in which they were told, whatever became of the clock meanwhile.
    .orderBy(sql`rowid`)
    .execute();
  return rows.map(({ at, stage, detail }) => ({
    at,
    stage: stage as BootSignal['kind'],
    detail: JSON.parse(detail) as Record<string, unknown>,
  }));
}

const insertBoot = statementOf<Selectable<BootRow>>(
  ['id', 'mac', 'started', 'state', 'attempt', 'model', 'image'],
  (boot) => queries.insertInto('boots').values(boot),
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
    )
    .where('id', 'is not', (query) =>
      query
        .selectFrom('boots')
        .select(sql<number>`max(id)`.as('id'))
        .where('mac', '=', mac)
        .where('attempt', '=', 0),
    ),
);

const insertStage = statementOf<BootStageRow>(['boot', 'at', 'stage', 'detail'], (row) =>
  queries.insertInto('boot_stages').values(row),
);

const updateState = statementOf<Omit<Selectable<BootRow>, 'mac' | 'started'>>(
  ['id', 'state', 'attempt', 'model', 'image'],
  ({ id, ...rest }) => queries.updateTable('boots').set(rest).where('id', '=', id),
);
