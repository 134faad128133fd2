// Lets Kysely speak to the SQLite that is built into Node. Later issues may put PostgreSQL in its place.
import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import { Kysely, SqliteDialect } from 'kysely';
import { batchWriter, type Writer } from './batch-writer.ts';
import type { Tables } from './schema.ts';
import { threadWriter } from './writer-thread.ts';

/** The server says the same few things over and over; what is made for one occasion finds no place. */
const MOST_STATEMENTS = 200;

/** What was committed is on disk (WAL, FULL). Two connections wait for each other up to 5 s. */
const SETTINGS =
  'PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;';

/** A database that is open. */
export type Store = {
  /** to read, and to migrate */
  readonly database: Kysely<Tables>;
  /** for the `WriteQueue` */
  readonly writer: Writer;
};

/** Opens (or makes) a database file, or a private one in memory for `:memory:`, which has one connection for all. */
export function openSqlite(file: string): Store {
  const connection = new DatabaseSync(file);
  connection.exec(SETTINGS);
  const writer = file === ':memory:' ? sameThread(connection) : threadWriter(file, SETTINGS);
  return { database: speakTo(connection), writer };
}

function speakTo(connection: DatabaseSync): Kysely<Tables> {
  const statements = new Map<string, ReturnType<typeof prepare>>();
  return new Kysely({
    dialect: new SqliteDialect({
      database: {
        prepare: (sql) => {
          const known = statements.get(sql);
          if (known !== undefined) return known;
          const statement = prepare(connection, sql);
          if (statements.size < MOST_STATEMENTS) statements.set(sql, statement);
          return statement;
        },
        close: () => connection.close(),
      },
    }),
  });
}

function prepare(connection: DatabaseSync, sql: string) {
  const statement = connection.prepare(sql);
  return {
    reader: statement.columns().length > 0,
    all: (parameters: readonly unknown[]) => statement.all(...(parameters as SQLInputValue[])),
    run: (parameters: readonly unknown[]) => statement.run(...(parameters as SQLInputValue[])),
    iterate: (parameters: readonly unknown[]) =>
      statement.iterate(...(parameters as SQLInputValue[])),
  };
}

function sameThread(connection: DatabaseSync): Writer {
  const write = batchWriter(connection);
  return { write: async (batch) => write(batch), close: async () => undefined };
}
