// Rows of images: names of what lies in the image folder.
import type { Kysely } from 'kysely';
import type { ImageRow, Tables } from './schema.ts';
import { queries, statement, type Write } from './statements.ts';

export async function readImages(database: Kysely<Tables>): Promise<ImageRow[]> {
  return await database.selectFrom('images').selectAll().orderBy('name').execute();
}

/** Inserts an image, or lets its name stand for another digest. */
export function writeImage(row: ImageRow): Write {
  const { name, ...rest } = row;
  const insert = queries
    .insertInto('images')
    .values(row)
    .onConflict((conflict) => conflict.column('name').doUpdateSet(rest));
  return [statement(insert)];
}

export function deleteImage(name: string): Write {
  return [statement(queries.deleteFrom('images').where('name', '=', name))];
}
