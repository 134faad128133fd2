// Takes a database from step to step (`migrations.ts`), and tells how far one is.
import type { DatabaseSync } from 'node:sqlite';
import type { Kysely } from 'kysely';
import { Migrator } from 'kysely/migration';
import { WaltError } from '../../../errors.ts';
import { migrations } from './migrations.ts';
import type { Tables } from './schema.ts';

/** The last step that was done; undefined for an empty database. */
export function lastStepOf(database: DatabaseSync): string | undefined {
  const known = "SELECT 1 FROM sqlite_master WHERE name = 'kysely_migration'";
  if (database.prepare(known).get() === undefined) return undefined;
  const last = database.prepare('SELECT max(name) AS step FROM kysely_migration').get();
  return typeof last?.step === 'string' ? last.step : undefined;
}

/**
 * Brings a database to the present form; does nothing where it has it already.
 * @param upTo stop after this step (tests of upgrades); by default the last one
 * @throws {WaltError} if a step fails or the database was made by a newer version
 */
export async function migrate(database: Kysely<Tables>, upTo?: string): Promise<void> {
  const migrator = new Migrator({
    db: database,
    provider: { getMigrations: async () => migrations },
  });
  const { error, results } =
    upTo === undefined ? await migrator.migrateToLatest() : await migrator.migrateTo(upTo);
  if (error === undefined) return;
  const failed = results?.find((result) => result.status === 'Error')?.migrationName;
  throw new WaltError(
    `Cannot bring the database to the form of this version${failed ? ` (step ${failed})` : ''}: ` +
      `${error instanceof Error ? error.message : String(error)}. ` +
      'If it was written by a newer walt-server, install that version again.',
    { cause: error },
  );
}
