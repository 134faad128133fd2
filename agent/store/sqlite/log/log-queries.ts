// How lines of the log are found: by index, however long the log is. `logs_source` has issuer and stream, and behind them, as
// every index, the id.
import { type RawBuilder, sql } from 'kysely';
import type { LogQuery, LogSource, StoredLog } from '../../records/logs.ts';

/** Each reads the log once. */
export const logQueries = {
  /** Of all sources, walking the table by id. */
  ofAll: (query: LogQuery): RawBuilder<StoredLog> => {
    const { limit, last = false } = query;
    return sql`SELECT * FROM logs WHERE ${conditions(query, sql`logs`)}
      ORDER BY id ${order(last)} LIMIT ${limit}`;
  },

  /** Of some sources, walking the table by id: good where these have a part of all lines. */
  ofWalk: (query: LogQuery): RawBuilder<StoredLog> => {
    const { limit, last = false } = query;
    return sql`SELECT * FROM logs NOT INDEXED WHERE ${conditions(query, sql`logs`)}
      AND ${ofWantedSources(query)} ORDER BY id ${order(last)} LIMIT ${limit}`;
  },

  /** Of some sources: the first or last ones of each, by index, and of these the first or last ones. */
  ofSources: (query: LogQuery, sources: readonly LogSource[]): RawBuilder<StoredLog> => {
    const { limit, last = false } = query;
    const pairs = JSON.stringify(sources.map(({ issuer, stream }) => [issuer, stream]));
    return sql`SELECT logs.* FROM json_each(${pairs}) AS source CROSS JOIN logs ON logs.id IN (
        SELECT line.id FROM logs AS line INDEXED BY logs_source
        WHERE line.issuer = source.value ->> 0 AND line.stream = source.value ->> 1
          AND ${conditions(query, sql`line`)}
        ORDER BY line.id ${order(last)} LIMIT ${limit})
      ORDER BY logs.id ${order(last)} LIMIT ${limit}`;
  },

  /** The source behind this one, in the order of the index. */
  sourceBehind: ({ issuer, stream }: LogSource): RawBuilder<LogSource> =>
    // For `(issuer, stream) > (…)` SQLite reads all lines of that issuer.
    sql`SELECT * FROM (SELECT issuer, stream FROM logs INDEXED BY logs_source
        WHERE issuer = ${issuer} AND stream > ${stream} ORDER BY stream LIMIT 1)
      UNION ALL SELECT * FROM (SELECT issuer, stream FROM logs INDEXED BY logs_source
        WHERE issuer > ${issuer} ORDER BY issuer, stream LIMIT 1)
      LIMIT 1`,

  /**
   * The least and highest id of the lines of a time. Lines are in the order in which they came, and their times are not: blocks of
   * ids are looked at from either end, one look at `logs_time` each, until one has such a line.
   */
  idsBetween: (from: number, to: number): RawBuilder<IdSpan> =>
    sql`SELECT ${firstIdBetween(from, to)} AS first, ${lastIdBetween(from, to)} AS last`,
} as const;

/** Id of the first line of a time, for a place in a statement. */
export function firstIdBetween(from: number, to: number): RawBuilder<number | null> {
  return idBetween(
    { from, to },
    { most: sql`min`, next: sql`id >= (number + 1) * 8192 ORDER BY id` },
  );
}

function lastIdBetween(from: number, to: number): RawBuilder<number | null> {
  return idBetween(
    { from, to },
    { most: sql`max`, next: sql`id < number * 8192 ORDER BY id DESC` },
  );
}

/** @param ends which end of the log it begins at, and what the next block is. SQLite stops at the first block that has a line */
function idBetween(
  { from, to }: { readonly from: number; readonly to: number },
  { most, next }: { readonly most: RawBuilder<unknown>; readonly next: RawBuilder<unknown> },
): RawBuilder<number | null> {
  return sql<number | null>`(WITH RECURSIVE block(number) AS (
      SELECT ${most}(id) / 8192 FROM logs UNION ALL
      SELECT (SELECT id FROM logs NOT INDEXED WHERE ${next} LIMIT 1) / 8192 FROM block WHERE number IS NOT NULL)
    SELECT ${most}(id) FROM logs INDEXED BY logs_time WHERE at >= ${from} AND at <= ${to} AND id / 8192 =
      (SELECT number FROM block WHERE EXISTS (SELECT 1 FROM logs INDEXED BY logs_time
        WHERE id / 8192 = number AND at >= ${from} AND at <= ${to}) LIMIT 1))`;
}

/** Ids, both included; null where there is no such line. */
export type IdSpan = { readonly first: number | null; readonly last: number | null };

function order(last: boolean): RawBuilder<unknown> {
  return last ? sql`DESC` : sql`ASC`;
}

function ofWantedSources({
  stream = '',
  streams,
  exceptStreams = [],
  issuers,
}: LogQuery): RawBuilder<unknown> {
  const list = (names: readonly string[]) =>
    sql`(SELECT value FROM json_each(${JSON.stringify(names)}))`;
  const all = [sql`stream NOT IN ${list(exceptStreams)}`];
  if (stream !== '') all.push(sql`substr(stream, 1, length(${stream})) = ${stream}`);
  if (streams !== undefined) all.push(sql`stream IN ${list(streams)}`);
  if (issuers !== undefined) all.push(sql`issuer IN ${list(issuers)}`);
  return sql.join(all, sql` AND `);
}

function conditions(
  { after = 0, before = Number.MAX_SAFE_INTEGER, from, to }: LogQuery,
  lines: RawBuilder<unknown>,
): RawBuilder<unknown> {
  const all = [sql`${lines}.id > ${after}`, sql`${lines}.id < ${before}`];
  if (from !== undefined) all.push(sql`${lines}.at >= ${from}`);
  if (to !== undefined) all.push(sql`${lines}.at <= ${to}`);
  return sql.join(all, sql` AND `);
}
