// Rows of events, for followers who come again.
import { sql } from 'kysely';
import type { EventRecords, StoredEvent } from '../../records/events.ts';
import type { SqliteParts } from '../parts.ts';
import { queries, statement, statementOf } from '../statements.ts';

const insert = statementOf<StoredEvent>(['run', 'number', 'kind', 'data'], (row) =>
  queries.insertInto('events').values(row),
);

/** The events in table `events`. */
export async function eventRecords({ database, writes }: SqliteParts): Promise<EventRecords> {
  const all = database.selectFrom('events').selectAll().orderBy('run').orderBy('number');
  const newest = database.selectFrom('events').select(({ fn }) => fn.max('run').as('run'));
  const lastRun = (await newest.executeTakeFirst())?.run ?? 0;
  return {
    lastRun: () => lastRun,
    append: (event) => writes.commitLater([insert(event)]),
    read: async ({ run, number }, most) => {
      await writes.flush();
      const behind = sql<boolean>`(run, number) > (${run}, ${number})`;
      return await all.where(behind).limit(most).execute();
    },
    first: async () => await all.limit(1).executeTakeFirst(),
    deleteAllBut: (most) => {
      const last = sql`SELECT run, number FROM events ORDER BY run DESC, number DESC LIMIT 1 OFFSET ${most}`;
      const old = sql<boolean>`(run, number) <= (${last})`;
      return writes.commit([statement(queries.deleteFrom('events').where(old))]);
    },
  };
}
