// Rows of log lines.
import { setImmediate as restOfTheTurn } from 'node:timers/promises';
import { sql } from 'kysely';
import { sourceFilter } from '../../log-source.ts';
import type {
  IdBounds,
  LogQuery,
  LogRecords,
  LogSource,
  StoredLog,
  StreamPatterns,
} from '../../records/logs.ts';
import { readLastId } from '../last-id.ts';
import type { SqliteParts } from '../parts.ts';
import { queries, type Statement, statement, statementOf } from '../statements.ts';
import { firstIdBetween, logQueries } from './log-queries.ts';
import { LogRenames } from './log-renames.ts';
import { countOf, sentStatements } from './log-senders.ts';
import { deleteOverOf, sizeStatements } from './log-sizes.ts';

/** Looks at the index in one turn of the event loop. */
const SOURCES_A_TURN = 100;

/** Lines that are walked for those of other streams, before they are looked for by index. */
const WALK = 10_000;

async function readLogs(parts: SqliteParts, query: LogQuery, lastId: number): Promise<StoredLog[]> {
  await parts.writes.flush();
  const rows = await readRows(parts, query, lastId);
  return query.last ? rows.toReversed() : rows;
}

async function readRows(parts: SqliteParts, query: LogQuery, lastId: number): Promise<StoredLog[]> {
  const { database } = parts;
  if (!isOfSources(query)) return (await logQueries.ofAll(query).execute(database)).rows;
  const { rows } = await logQueries.ofWalk(nearEnd(query, lastId)).execute(database);
  if (rows.length === query.limit) return rows;
  const sources = (await readSources(parts)).filter(sourceFilter(query));
  if (sources.length === 0) return [];
  return (await logQueries.ofSources(query, sources).execute(database)).rows;
}

function isOfSources({ stream = '', streams, exceptStreams = [], issuers }: LogQuery): boolean {
  const isOfSome = streams !== undefined || issuers !== undefined;
  return isOfSome || stream !== '' || exceptStreams.length > 0;
}

/** Lines of a source that says little are far apart: a walk would be long. */
function nearEnd(query: LogQuery, lastId: number): LogQuery {
  const { after = 0, before = lastId + 1, last } = query;
  const end = Math.min(before, lastId + 1);
  if (last) return { ...query, after: Math.max(after, end - 1 - WALK) };
  return { ...query, before: Math.min(end, after + 1 + WALK) };
}

/** One look at the index for each. */
async function readSources({ database }: SqliteParts): Promise<LogSource[]> {
  const found: LogSource[] = [];
  let next: LogSource | undefined = { issuer: '', stream: '' };
  while (next !== undefined) {
    const { rows }: { rows: LogSource[] } = await logQueries.sourceBehind(next).execute(database);
    [next] = rows;
    if (next !== undefined) found.push(next);
    // Other machines are answered meanwhile, however many names a node makes up.
    if (found.length % SOURCES_A_TURN === 0) await restOfTheTurn();
  }
  return found;
}

async function readIds(
  { database, writes }: SqliteParts,
  { from, to }: Pick<LogQuery, 'from' | 'to'>,
): Promise<IdBounds | undefined> {
  await writes.flush();
  const query = logQueries.idsBetween(from ?? 0, to ?? Number.MAX_SAFE_INTEGER);
  const { first, last } = (await query.execute(database)).rows[0] ?? { first: null, last: null };
  return first === null || last === null ? undefined : { after: first - 1, before: last + 1 };
}

const insert = statementOf<StoredLog>(['id', 'at', 'issuer', 'stream', 'line'], (row) =>
  queries.insertInto('logs').values(row),
);

/** Lines that one statement adds: each costs as much by itself as its line does. */
const LINES_A_STATEMENT = 50;
const ROW = '(?, ?, ?, ?, ?)';
const INSERT_MANY = `INSERT INTO logs (id, at, issuer, stream, line) VALUES ${Array(LINES_A_STATEMENT).fill(ROW).join(', ')}`;

function insertions(logs: readonly StoredLog[]): Statement[] {
  const some = Array.from({ length: Math.floor(logs.length / LINES_A_STATEMENT) }, (_, index) => {
    const from = index * LINES_A_STATEMENT;
    const rows = logs.slice(from, from + LINES_A_STATEMENT);
    const parameters = rows.flatMap(({ id, at, issuer, stream, line }) => [
      id,
      at,
      issuer,
      stream,
      line,
    ]);
    return { sql: INSERT_MANY, parameters };
  });
  return [...some, ...logs.slice(some.length * LINES_A_STATEMENT).map(insert)];
}

/** The log in table `logs`. */
export async function logRecords(parts: SqliteParts): Promise<LogRecords> {
  const { writes } = parts;
  const renames = new LogRenames(parts);
  const lastOfBefore = await readLastId(parts, 'logs');
  let lastId = lastOfBefore;
  const withId = (line: Omit<StoredLog, 'id'>): StoredLog => {
    lastId += 1;
    return { id: lastId, ...line };
  };
  return {
    read: (query) => readLogs(parts, query, lastId),
    sources: async () => {
      await writes.flush();
      return await readSources(parts);
    },
    idsOf: (time) => readIds(parts, time),
    lastId: () => lastId,
    append: (line) => {
      const log = withId(line);
      return { log, written: writes.commitLater([insert(log), ...sizeStatements([log])]) };
    },
    countOf: (source) => countOf(parts, source),
    appendAll: (lines, sent) => {
      const logs = lines.map(withId);
      const counts = sent === undefined ? [] : sentStatements(sent, lastId);
      counts.push(...sizeStatements(logs));
      return { logs, written: writes.commitLater([...insertions(logs), ...counts]) };
    },
    shift: (by) => writes.commit([statement(shiftOf({ after: lastOfBefore, last: lastId, by }))]),
    rename: (from, to) => renames.add({ from, to, until: lastId }),
    finishRenames: () => renames.finish(),
    stopRenames: () => renames.close(),
    deleteOverOf: (bounds) => deleteOverOf(parts, bounds, () => readSources(parts)),
    deleteOver: (most, keeper) => deleteOver(parts, { most, keeper }),
    deleteBefore: (at, now, streams) => writes.commit([statement(deletionOf(at, now, streams))]),
  };
}

/** Other writes come between two of these. */
const LINES_A_WRITE = 500;
const MOST_WRITES = 2000;

async function deleteOver(
  { database, writes }: SqliteParts,
  { most, keeper }: { readonly most: number; readonly keeper: string },
): Promise<number> {
  const oldest = queries.selectFrom('logs').select('id').where('issuer', '<>', keeper);
  const some = oldest.orderBy('id').limit(LINES_A_WRITE);
  let deleted = 0;
  for (let count = 0; count < MOST_WRITES; count += 1) {
    await writes.flush();
    if ((await bytesOf(database)) <= most) break;
    const ids = (await database.executeQuery<{ id: number }>(some.compile())).rows;
    if (ids.length === 0) break;
    const last = ids.at(-1)?.id ?? 0;
    const until = queries.deleteFrom('logs').where('issuer', '<>', keeper).where('id', '<=', last);
    await writes.commit([statement(until)]);
    deleted += ids.length;
  }
  return deleted;
}

/** What is used of the file; pages that were freed are used again. */
async function bytesOf(database: SqliteParts['database']): Promise<number> {
  const size = sql<{ bytes: number }>`
    SELECT (page_count - freelist_count) * page_size AS bytes
    FROM pragma_page_count, pragma_freelist_count, pragma_page_size`;
  return (await size.execute(database)).rows[0]?.bytes ?? 0;
}

function shiftOf({ after, last, by }: Readonly<Record<'after' | 'last' | 'by', number>>) {
  return queries
    .updateTable('logs')
    .set((expression) => ({ at: expression('at', '+', by) }))
    .where('id', '>', after)
    .where('id', '<=', last);
}

function deletionOf(at: number, now: number, { of, except }: StreamPatterns = { except: [] }) {
  const young = firstIdBetween(at, now);
  const old = queries
    .deleteFrom('logs')
    .where('at', '<', at)
    .where('id', '<', sql<number>`coalesce(${young}, ${Number.MAX_SAFE_INTEGER})`);
  const ofSome = of === undefined ? old : old.where(sql<boolean>`stream GLOB ${of}`);
  return except.reduce((rest, one) => rest.where(sql<boolean>`NOT stream GLOB ${one}`), ofSome);
}
