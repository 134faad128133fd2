// Lines of a device go along with its name. A device may have millions of them: they are moved some at a time, and a server that was
// ended in between moves the rest when it starts.
import { sql } from 'kysely';
import type { SqliteParts } from '../parts.ts';
import { queries, statement } from '../statements.ts';

/** Other writes come between two of these. */
const LINES_A_WRITE = 1000;

/** Moves lines from name to name, one device after the other: two that swap their names keep their own lines. */
export class LogRenames {
  readonly #parts: SqliteParts;
  #moving: Promise<void> = Promise.resolve();
  #isClosed = false;
  #noted: Promise<void> = Promise.resolve();

  constructor(parts: SqliteParts) {
    this.#parts = parts;
  }

  /** @param until id of the newest line. Resolves when its lines are moved. @throws whatever a failed write throws */
  async add(names: {
    readonly from: string;
    readonly to: string;
    readonly until: number;
  }): Promise<void> {
    // One after the other: a name may be taken over at once.
    const noted = this.#noted.catch(() => undefined).then(() => this.#note(names));
    this.#noted = noted.then(() => undefined);
    if (await noted) await this.finish();
  }

  async #note({ from, to, until }: Parameters<LogRenames['add']>[0]): Promise<boolean> {
    if (!(await this.#hasLines(from))) return false;
    const row = { from_name: from, to_name: to, until };
    await this.#parts.writes.commit([statement(queries.insertInto('log_renames').values(row))]);
    return true;
  }

  /** Most devices get their names before they say anything. */
  async #hasLines(issuer: string): Promise<boolean> {
    const { database, writes } = this.#parts;
    await writes.flush();
    const pending = database.selectFrom('log_renames').select('id').limit(1);
    const known = database.selectFrom('logs').select('id').where('issuer', '=', issuer).limit(1);
    return [...(await pending.execute()), ...(await known.execute())].length > 0;
  }

  /** Moves what is still to be moved. */
  async finish(): Promise<void> {
    this.#moving = this.#moving.catch(() => undefined).then(() => this.#moveAll());
    await this.#moving;
  }

  /** What is left is moved by the next server. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#moving.catch(() => undefined);
  }

  async #moveAll(): Promise<void> {
    const { database, writes } = this.#parts;
    const pending = database.selectFrom('log_renames').selectAll().orderBy('id');
    for (const { id, from_name, to_name, until } of await pending.execute()) {
      const lines = sql`SELECT id FROM logs INDEXED BY logs_source
        WHERE issuer = ${from_name} AND id <= ${until} LIMIT ${sql.lit(LINES_A_WRITE)}`;
      const some = queries.updateTable('logs').set({ issuer: to_name });
      const move = statement(some.where(sql<boolean>`id IN (${lines})`));
      while ((await lines.execute(database)).rows.length > 0) {
        if (this.#isClosed) return;
        await writes.commit([move]);
      }
      await writes.commit([statement(queries.deleteFrom('log_renames').where('id', '=', id))]);
    }
  }
}
