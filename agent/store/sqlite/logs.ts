// Rows of log lines.
import type { Insertable, Kysely } from 'kysely';
import type { LogRow, Tables } from './schema.ts';
import { queries, statement, statementOf, type Write } from './statements.ts';

export type StoredLog = Insertable<LogRow> & { id: number };

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

export async function readLastLogId(database: Kysely<Tables>): Promise<number> {
  const row = await database
    .selectFrom('logs')
    .select(({ fn }) => fn.max('id').as('id'))
    .executeTakeFirst();
  return row?.id ?? 0;
}

const insert = statementOf<StoredLog>(['id', 'at', 'issuer', 'stream', 'line'], (row) =>
  queries.insertInto('logs').values(row),
);

export function writeLog(row: StoredLog): Write {
  return [insert(row)];
}

export function deleteLogsBefore(at: number): Write {
  return [statement(queries.deleteFrom('logs').where('at', '<', at))];
}
