// Rows of log lines.
import type { Kysely } from 'kysely';
import type { LogRecords, StoredLog } from '../store.ts';
import type { Tables } from './schema.ts';
import { queries, statement, statementOf } from './statements.ts';
import type { SqliteParts } from './store.ts';

/** Times in microseconds since 1970; `from` and `to` are included. */
export type LogQuery = {
  readonly from: number;
  readonly to: number;
  /** lines after this id only, so that a reader who follows misses and repeats nothing */
  readonly afterId?: number;
  readonly limit: number;
};

export async function readLogs(database: Kysely<Tables>, query: LogQuery): Promise<StoredLog[]> {
  return await database
    .selectFrom('logs')
    .selectAll()
    .where('at', '>=', query.from)
    .where('at', '<=', query.to)
    .where('id', '>', query.afterId ?? 0)
    .orderBy('id')
    .limit(query.limit)
    .execute();
}

async function readLastId({ database }: SqliteParts): Promise<number> {
  const row = await database
    .selectFrom('logs')
    .select(({ fn }) => fn.max('id').as('id'))
    .executeTakeFirst();
  return row?.id ?? 0;
}

const insert = statementOf<StoredLog>(['id', 'at', 'issuer', 'stream', 'line'], (row) =>
  queries.insertInto('logs').values(row),
);

/** The log in table `logs`. */
export async function logRecords(parts: SqliteParts): Promise<LogRecords> {
  const { writes } = parts;
  let lastId = await readLastId(parts);
  return {
    append: (line) => {
      lastId += 1;
      const log = { ...line, id: lastId };
      return { log, written: writes.commitLater([insert(log)]) };
    },
    deleteBefore: (at) =>
      writes.commit([statement(queries.deleteFrom('logs').where('at', '<', at))]),
  };
}
