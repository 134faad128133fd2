// Answers to the calls of `walt advanced sql`.
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf } from '../../errors.ts';
import type { Answers, LineOf } from '../calls/call.ts';
import type { sqlCalls } from '../calls/sql.ts';
import { workLines } from './lines/work-lines.ts';

const FLUSH_MS = 5000;

/** What these answers need. */
export type SqlParts = {
  /** runs statements on the database of the server */
  readonly runSql: (
    sql: string,
    how: { readonly isWriting: boolean; readonly signal: AbortSignal },
  ) => AsyncIterable<{ readonly result: number; readonly row: Readonly<Record<string, unknown>> }>;
  /** resolves when the database has what the server knows */
  readonly flush: () => Promise<void>;
};

type Line = LineOf<(typeof sqlCalls)['database.sql']>;

/** Answers to the calls of calls/sql.ts. */
export function sqlAnswers({ runSql, flush }: SqlParts): Answers<typeof sqlCalls> {
  return {
    'database.sql': ({ sql, write }, { signal }) =>
      workLines<Line>(signal, {
        work: async ({ say, sayAndWait }) => {
          // What was acknowledged a moment before may be in the journal of devices alone. A disk that takes nothing is asked what it has.
          await Promise.race([
            flush().catch(() => undefined),
            sleep(FLUSH_MS, undefined, { ref: false }),
          ]);
          const gone = signal.aborted ? Promise.resolve() : once(signal, 'abort');
          for await (const { result, row } of runSql(sql, { isWriting: write, signal })) {
            await Promise.race([sayAndWait({ kind: 'row', result, row }), gone]);
          }
          say({ kind: 'done' });
        },
        onFailed: (reason) => ({ kind: 'failed', error: messageOf(reason) }),
        onDropped: (count) => ({ kind: 'failed', error: `${count} rows were lost` }),
      }),
  };
}
