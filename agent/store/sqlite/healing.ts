// Rows of what was done for boards that did not come up, and what is counted of their boots.
import type { HealingRecords, StoredHealing } from '../records/healing.ts';
import type { SqliteParts } from './parts.ts';
import { queries, statementOf } from './statements.ts';

/** The rows of table `healing`. */
export function healingRecords({ database, writes }: SqliteParts): HealingRecords {
  return {
    all: async () => {
      await writes.flush();
      return await database.selectFrom('healing').selectAll().execute();
    },
    save: (row) => writes.commit([upsert(row)]),
  };
}

const upsert = statementOf<StoredHealing>(['mac', 'series', 'counts'], (row) =>
  queries
    .insertInto('healing')
    .values(row)
    .onConflict((conflict) =>
      conflict.column('mac').doUpdateSet(({ ref }) => ({
        series: ref('excluded.series'),
        counts: ref('excluded.counts'),
      })),
    ),
);
