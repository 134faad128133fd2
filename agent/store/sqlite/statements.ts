// SQL as plain data, which can go to another thread. Kysely makes it from the types of the tables; nothing runs here.
import {
  type Compilable,
  DummyDriver,
  Kysely,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely';
import type { Tables } from './schema/schema.ts';

/** A statement of SQL and the values for its places. */
export type Statement = { readonly sql: string; readonly parameters: readonly unknown[] };

/** What is on disk together or not at all. */
export type Write = readonly Statement[];

/** Where queries begin that are written down rather than run. */
export const queries = new Kysely<Tables>({
  dialect: {
    createAdapter: () => new SqliteAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: (database) => new SqliteIntrospector(database),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  },
});

/** Writes a query down. */
export function statement(query: Compilable): Statement {
  const { sql, parameters } = query.compile();
  return { sql, parameters };
}

/**
 * As `statement`, for what is said again and again: Kysely builds it once, later rows only fill in their values.
 * @param columns all that `build` reads of a row; it may not look at their values
 */
export function statementOf<Row extends object>(
  columns: readonly (keyof Row & string)[],
  build: (row: Row) => Compilable,
): (row: Row) => Statement {
  let built: Statement | undefined;
  return (row) => {
    built ??= statement(build(rowOfPlaces(columns)));
    const { sql, parameters } = built;
    const value = (one: unknown) => (one instanceof Place ? row[one.column as keyof Row] : one);
    return { sql, parameters: parameters.map(value) };
  };
}

/** Stands in a query for the value of a column. */
class Place {
  readonly column: string;

  constructor(column: string) {
    this.column = column;
  }
}

function rowOfPlaces<Row>(columns: readonly (keyof Row & string)[]): Row {
  return Object.fromEntries(columns.map((column) => [column, new Place(column)])) as Row;
}
