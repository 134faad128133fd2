// Rows of log lines.
import { sql } from 'kysely';
import type { LogQuery, LogRecords, StoredLog } from '../store.ts';
import { readLastId } from './last-id.ts';
import type { SqliteParts } from './parts.ts';
import { queries, statement, statementOf } from './statements.ts';

/** The highest character: every text that begins with a prefix sorts before the prefix and this. */
const HIGHEST = '\u{10ffff}';

async function readLogs({ database, writes }: SqliteParts, query: LogQuery): Promise<StoredLog[]> {
  await writes.flush();
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

const insert = statementOf<StoredLog>(['id', 'at', 'issuer', 'stream', 'line'], (row) =>
  queries.insertInto('logs').values(row),
);

/** The log in table `logs`. */
export async function logRecords(parts: SqliteParts): Promise<LogRecords> {
  const { writes } = parts;
  const lastOfBefore = await readLastId(parts, 'logs');
  let lastId = lastOfBefore;
  const withId = (line: Omit<StoredLog, 'id'>): StoredLog => {
    lastId += 1;
    return { id: lastId, ...line };
  };
  return {
    read: (query) => readLogs(parts, query),
    lastId: () => lastId,
    append: (line) => {
      const log = withId(line);
      return { log, written: writes.commitLater([insert(log)]) };
    },
    appendAll: (lines) => {
      const logs = lines.map(withId);
      return { logs, written: writes.commitLater(logs.map(insert)) };
    },
    shift: (by) => writes.commit([statement(shiftOf({ after: lastOfBefore, last: lastId, by }))]),
    deleteBefore: (at, now) => writes.commit([statement(deletionOf(at, now))]),
  };
}

function shiftOf({ after, last, by }: Readonly<Record<'after' | 'last' | 'by', number>>) {
  return queries
    .updateTable('logs')
    .set((expression) => ({ at: expression('at', '+', by) }))
    .where('id', '>', after)
    .where('id', '<=', last);
}

function deletionOf(at: number, now: number) {
  const young = queries
    .selectFrom('logs')
    .select(({ fn }) => fn.min('id').as('first'))
    .where('at', '>=', at)
    .where('at', '<=', now);
  return queries
    .deleteFrom('logs')
    .where('at', '<', at)
    .where('id', '<', sql<number>`coalesce((${young}), ${Number.MAX_SAFE_INTEGER})`);
}
