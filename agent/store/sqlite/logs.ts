// Rows of log lines.
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
  let lastId = await readLastId(parts, 'logs');
  return {
    read: (query) => readLogs(parts, query),
    lastId: () => lastId,
    append: (line) => {
      lastId += 1;
      const log = { id: lastId, ...line };
      return { log, written: writes.commitLater([insert(log)]) };
    },
    deleteBefore: (at) =>
      writes.commit([statement(queries.deleteFrom('logs').where('at', '<', at))]),
  };
}
