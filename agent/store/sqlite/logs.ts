// Rows of log lines.
import type { Insertable, Kysely } from 'kysely';
import type { LogRow, Tables } from './schema.ts';
import { queries, statement, statementOf, type Write } from './statements.ts';

/** A line of the log; its id is higher than those of all lines before it. */
export type StoredLog = Insertable<LogRow> & { id: number };

/** Which lines are wanted; all of them, where nothing is said. */
export type LogSelection = {
  /** microseconds since 1970, included */
  readonly from?: number | undefined;
  readonly to?: number | undefined;
  /** of streams that begin so */
  readonly stream?: string | undefined;
  /** lines after this id only, so that a reader who follows misses and repeats nothing */
  readonly after?: number | undefined;
  /** lines before this id only */
  readonly before?: number | undefined;
};

/** A part of a selection, small enough for memory. */
export type LogQuery = LogSelection & {
  readonly limit: number;
  /** the last ones, where there are more than `limit`; otherwise the first ones */
  readonly last?: boolean;
};

/** The highest character: every text that begins with a prefix sorts before the prefix and this. */
const HIGHEST = '\u{10ffff}';

/** In the order of their ids, which is that of their time. */
export async function readLogs(database: Kysely<Tables>, query: LogQuery): Promise<StoredLog[]> {
  const { from, to, stream = '', after = 0, before, limit, last = false } = query;
  let wanted = database.selectFrom('logs').selectAll().where('id', '>', after);
  if (before !== undefined) wanted = wanted.where('id', '<', before);
  if (from !== undefined) wanted = wanted.where('at', '>=', from);
  if (to !== undefined) wanted = wanted.where('at', '<=', to);
  if (stream !== '') {
    wanted = wanted.where('stream', '>=', stream).where('stream', '<', `${stream}${HIGHEST}`);
  }
  const rows = await wanted
    .orderBy('id', last ? 'desc' : 'asc')
    .limit(limit)
    .execute();
  return last ? rows.toReversed() : rows;
}

/** 0 where there is no line. */
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

/** Adds a line, with the id that it has already. */
export function writeLog(row: StoredLog): Write {
  return [insert(row)];
}

/** @param at microseconds since 1970; lines of that time stay */
export function deleteLogsBefore(at: number): Write {
  return [statement(queries.deleteFrom('logs').where('at', '<', at))];
}
