// Lets Kysely speak to the SQLite that is built into Node. Later issues may put PostgreSQL in its place.
import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import { Kysely, SqliteDialect } from 'kysely';
import type { Tables } from './schema.ts';

/** The server says the same few things over and over; what is made for one occasion finds no place. */
const MOST_STATEMENTS = 200;

/**
 * Opens (or makes) a database file, or a private one in memory for `:memory:`.
 * A committed transaction is on disk when the promise of its commit resolves (WAL, synchronous=FULL).
 */
export function openSqlite(file: string): Kysely<Tables> {
  const database = new DatabaseSync(file);
  const statements = new Map<string, ReturnType<typeof prepare>>();
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;');
  return new Kysely({
    dialect: new SqliteDialect({
      database: {
        prepare: (sql) => {
          const known = statements.get(sql);
          if (known !== undefined) return known;
          const statement = prepare(database, sql);
          if (statements.size < MOST_STATEMENTS) statements.set(sql, statement);
          return statement;
        },
        close: () => database.close(),
      },
    }),
  });
}

function prepare(database: DatabaseSync, sql: string) {
  const statement = database.prepare(sql);
  return {
    reader: statement.columns().length > 0,
    all: (parameters: readonly unknown[]) => statement.all(...(parameters as SQLInputValue[])),
    run: (parameters: readonly unknown[]) => statement.run(...(parameters as SQLInputValue[])),
    iterate: (parameters: readonly unknown[]) =>
      statement.iterate(...(parameters as SQLInputValue[])),
  };
}
