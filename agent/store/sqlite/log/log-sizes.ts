// How much each stream has in the log, of all issuers. What is added is counted with the lines; a trigger of the database counts what
// is deleted (`migrations.ts`), whoever deletes it.
import { sql } from 'kysely';
import type { LogRecords, LogSource, StoredLog, StreamPatterns } from '../../records/logs.ts';
import type { SqliteParts } from '../parts.ts';
import { queries, type Statement, statement, statementOf } from '../statements.ts';
import { logQueries } from './log-queries.ts';

/** A line costs so much beside its text: numbers, and names in table and index. The trigger says the same. */
const BYTES_A_LINE = 100;
/** Other writes come between two of these. */
const LINES_A_WRITE = 500;
const MOST_WRITES = 2000;

/** Counts lines that are added. */
export function sizeStatements(logs: readonly StoredLog[]): Statement[] {
  const sizes = new Map<string, number>();
  for (const { stream, line } of logs) {
    sizes.set(stream, (sizes.get(stream) ?? 0) + Buffer.byteLength(line) + BYTES_A_LINE);
  }
  return [...sizes].map(([stream, bytes]) => addBytes({ stream, bytes }));
}

const addBytes = statementOf<{ readonly stream: string; readonly bytes: number }>(
  ['stream', 'bytes'],
  (row) =>
    queries
      .insertInto('log_sizes')
      .values(row)
      .onConflict((conflict) =>
        conflict
          .column('stream')
          .doUpdateSet((now) => ({ bytes: now('log_sizes.bytes', '+', row.bytes) })),
      ),
);

/** See `deleteOverOf` of the port. @param sources all that have lines */
export async function deleteOverOf(
  { database, writes }: SqliteParts,
  { most, of, except }: Parameters<LogRecords['deleteOverOf']>[0],
  sources: () => Promise<readonly LogSource[]>,
): Promise<number> {
  const isOf = ({ stream }: { readonly stream: string }) =>
    fits(stream, of) && !except.some((pattern) => fits(stream, pattern));
  const sizes = database.selectFrom('log_sizes').selectAll();
  let deleted = 0;
  for (let count = 0; count < MOST_WRITES; count += 1) {
    await writes.flush();
    const found = (await sizes.execute()).filter(isOf);
    if (found.reduce((sum, { bytes }) => sum + bytes, 0) <= most) break;
    const oldest = logQueries.ofSources({ limit: LINES_A_WRITE }, (await sources()).filter(isOf));
    const ids = (await oldest.execute(database)).rows.map(({ id }) => id);
    if (ids.length === 0) break;
    const all = sql<boolean>`id IN (SELECT value FROM json_each(${JSON.stringify(ids)}))`;
    await writes.commit([statement(queries.deleteFrom('logs').where(all))]);
    deleted += ids.length;
  }
  return deleted;
}

function fits(stream: string, pattern: NonNullable<StreamPatterns['of']>): boolean {
  return pattern.endsWith('*') ? stream.startsWith(pattern.slice(0, -1)) : stream === pattern;
}
