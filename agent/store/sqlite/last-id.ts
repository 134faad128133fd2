// The highest id that a table ever gave. SQLite remembers it, also of rows that were deleted since.
import { sql } from 'kysely';
import type { SqliteParts } from './parts.ts';

/** 0 where the table never had a row. @see https://www.sqlite.org/autoinc.html, table `sqlite_sequence` */
export async function readLastId(
  { database }: SqliteParts,
  table: 'boots' | 'logs',
): Promise<number> {
  const query = sql<{ seq: number }>`SELECT seq FROM sqlite_sequence WHERE name = ${table}`;
  const { rows } = await query.execute(database);
  return rows[0]?.seq ?? 0;
}
