// Writes batches, each in one transaction. What runs it is the writer's thread, or this one for a database in memory.
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Write } from '../statements.ts';

/** Of the writes of a batch those that failed, by their place in it. All others are on disk. */
export type Failures = readonly { readonly at: number; readonly reason: unknown }[];

/** One at a time; see `write-queue.ts`. */
export type Writer = {
  /** Resolves when the batch is on disk, but for what failed. */
  write(batch: readonly Write[]): Promise<Failures>;
  close(): Promise<void>;
};

const MOST_PREPARED = 200;

/** Between so many writes it rests. */
const WITHOUT_A_REST = 16;

/**
 * Writes batches to this connection. If a write of several fails, each is tried alone, so that only it fails.
 * @param rest what is done between some and the next, in the middle of a transaction
 */
export function batchWriter(
  database: DatabaseSync,
  rest: () => void = () => undefined,
): (batch: readonly Write[]) => Failures {
  const prepared = new Map<string, StatementSync>();
  const prepare = (sql: string): StatementSync => {
    const known = prepared.get(sql);
    if (known !== undefined) return known;
    const made = database.prepare(sql);
    if (prepared.size < MOST_PREPARED) prepared.set(sql, made);
    return made;
  };

  const transact = (batch: readonly Write[]): void => {
    prepare('BEGIN').run();
    try {
      for (const [at, write] of batch.entries()) {
        if (at > 0 && at % WITHOUT_A_REST === 0) rest();
        for (const { sql, parameters } of write) prepare(sql).run(...(parameters as string[]));
      }
      prepare('COMMIT').run();
    } finally {
      if (database.isTransaction) prepare('ROLLBACK').run();
    }
  };

  const failureOf = (batch: readonly Write[], at: number): { at: number; reason: unknown }[] => {
    try {
      transact(batch);
      return [];
    } catch (reason) {
      return [{ at, reason }];
    }
  };

  return (batch) => {
    const [failure] = failureOf(batch, 0);
    if (failure === undefined) return [];
    return batch.length === 1 ? [failure] : batch.flatMap((write, at) => failureOf([write], at));
  };
}
