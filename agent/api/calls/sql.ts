// Calls of `walt advanced sql`.
import { z } from 'zod';
import { type CallTable, lines } from './call.ts';

const sqlLine = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('row'),
    result: z.number().describe('number of the result that the row is of, from 1'),
    row: z.record(z.string(), z.unknown()).describe('values by the names of their columns'),
  }),
  z.object({ kind: z.literal('done').describe('these were all') }),
  z.object({ kind: z.literal('failed'), error: z.string().describe('why, for a person') }),
]);

/** Rows of the table of calls. */
export const sqlCalls = {
  'database.sql': {
    method: 'POST',
    path: '/api/v1/database/sql',
    role: 'admin',
    help: "Runs SQL on the server's database, for 30 s and 10,000 rows at most.",
    body: z.strictObject({
      sql: z.string().min(1).max(100_000).describe('statements of SQLite'),
      write: z
        .boolean()
        .default(false)
        .describe('they may change something, of which the server learns when it starts anew'),
    }),
    reply: lines(sqlLine),
  },
} as const satisfies CallTable;
