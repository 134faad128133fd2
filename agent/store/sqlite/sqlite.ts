// Lets Kysely speak to the SQLite that is built into Node. Later issues may put PostgreSQL in its place.
import { statSync } from 'node:fs';
import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import { Kysely, SqliteDialect } from 'kysely';
import { diskWords } from '../../errors.ts';
import type { Tables } from './schema/schema.ts';
import { batchWriter, type Writer } from './writing/batch-writer.ts';
import { BatchPacker, BatchUnpacker } from './writing/packed-batch.ts';
import { wordyWriter } from './writing/wordy-writer.ts';
import { threadWriter, type Watching } from './writing/writer-thread.ts';

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
export function openSqlite(file: string, watching: Watching = {}): Store {
  if (file === ':memory:') {
    const connection = openWhole(file);
    return {
      database: speakTo({ connection, statements: new Map() }),
      writer: sameThread(connection),
    };
  }
  const reader: Reader = { ...openReader(file), statements: new Map() };
  const writer = wordyWriter(threadWriter(file, SETTINGS, watching), () => {
    if (reader.isWhole !== false) return;
    const stale = reader.connection;
    Object.assign(reader, { connection: openWhole(file), isWhole: true, statements: new Map() });
    stale.close();
  });
  return { database: speakTo(reader), writer };
}

type Reader = {
  connection: DatabaseSync;
  /** false where it reads the file as it was when it was opened */
  isWhole?: boolean;
  statements: Map<string, ReturnType<typeof prepare>>;
};

function openWhole(file: string): DatabaseSync {
  const connection = new DatabaseSync(file);
  connection.exec(SETTINGS);
  return connection;
}

/**
 * On a full disk SQLite has no room for the file that two connections share. Until something could be written, nothing changes,
 * and the file can be read without it (https://www.sqlite.org/uri.html, `immutable`).
 */
function openReader(file: string): Omit<Reader, 'statements'> {
  try {
    return { connection: openWhole(file), isWhole: true };
  } catch (reason) {
    if (diskWords(reason) === undefined || statSync(file).size === 0) throw reason;
    const url = pathToFileURL(file);
    url.searchParams.set('immutable', '1');
    return { connection: new DatabaseSync(url, { readOnly: true }), isWhole: false };
  }
}

function speakTo(reader: Reader): Kysely<Tables> {
  return new Kysely({
    dialect: new SqliteDialect({
      database: {
        prepare: (sql) => {
          const { connection, statements } = reader;
          const known = statements.get(sql);
          if (known !== undefined) return known;
          const statement = prepare(connection, sql);
          if (statements.size < MOST_STATEMENTS) statements.set(sql, statement);
          return statement;
        },
        close: () => reader.connection.close(),
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

/** Batches go the same way as to the thread. */
function sameThread(connection: DatabaseSync): Writer {
  const write = batchWriter(connection);
  const [packer, unpacker] = [new BatchPacker(), new BatchUnpacker()];
  return {
    write: async (batch) => write(unpacker.unpack(packer.pack(batch))),
    close: async () => undefined,
  };
}
