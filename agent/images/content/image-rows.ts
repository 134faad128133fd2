// Between an image and its row in the database.
import type { ImageRow } from '../../store/sqlite/schema.ts';
import type { Image } from './image.ts';

export function imageOf(row: ImageRow): Image {
  return {
    ...row,
    models: row.models.split(','),
    labels: JSON.parse(row.labels) as Record<string, string>,
    layers: JSON.parse(row.layers) as string[],
  };
}

export function rowOf(image: Image): ImageRow {
  return {
    ...image,
    models: image.models.join(','),
    labels: JSON.stringify(image.labels),
    layers: JSON.stringify(image.layers),
  };
}
