// Rows of images: names of what lies in the image folder. Read once when the server starts, written at each change.
import type { Image } from '../../images/content/image.ts';
import type { ImageRecords, ImageWrite } from '../records/images.ts';
import type { SqliteParts } from './parts.ts';
import type { ImageRow } from './schema/schema.ts';
import { queries, statement, type Write } from './statements.ts';

/** The images in table `images`. */
export function imageRecords({ database, writes }: SqliteParts): ImageRecords {
  return {
    all: async () => {
      const rows = await database.selectFrom('images').selectAll().orderBy('name').execute();
      return rows.map(imageOf);
    },
    write: (changes) => writes.commit(changes.flatMap(statementsOf)),
  };
}

function statementsOf(change: ImageWrite): Write {
  if (change.kind === 'forget') {
    return [statement(queries.deleteFrom('images').where('name', '=', change.name))];
  }
  const { name, ...rest } = rowOf(change.image);
  const insert = queries
    .insertInto('images')
    .values({ name, ...rest })
    .onConflict((conflict) => conflict.column('name').doUpdateSet(rest));
  return [statement(insert)];
}

function imageOf(row: ImageRow): Image {
  return {
    ...row,
    models: row.models.split(','),
    labels: JSON.parse(row.labels) as Record<string, string>,
    layers: JSON.parse(row.layers) as string[],
  };
}

function rowOf(image: Image): ImageRow {
  return {
    ...image,
    models: image.models.join(','),
    labels: JSON.stringify(image.labels),
    layers: JSON.stringify(image.layers),
  };
}
