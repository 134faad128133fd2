// Makes the folder of an image again, of what is here of it; nodes that run from the old one keep it.
import type { InTurn } from '../../host/queues/in-turn.ts';
import type { Blobs } from '../content/blobs.ts';
import type { ImageFolders } from '../content/folders/image-folders.ts';
import type { LayerStore } from '../content/layers/layer-store.ts';
import type { TemplateNote } from '../content/templates/fill.ts';
import { makeFolder, takeLayers } from './intake.ts';
import { Unpacker } from './unpacker/unpacker.ts';

type Options = {
  readonly blobs: Blobs;
  readonly layers: LayerStore;
  readonly folders: ImageFolders;
  readonly maxFiles: number;
  readonly maxBytes: number;
  /** a folder of this work alone */
  readonly work: string;
  /** one after the other */
  readonly inTurn: InTurn;
};

/** @throws {ImageError} if parts of the image are not here, or it cannot boot a node any more */
export async function renewFolder(
  { digest, name }: { readonly digest: string; readonly name: string },
  { blobs, inTurn, ...options }: Options,
): Promise<readonly TemplateNote[]> {
  const image = await blobs.describe(digest);
  await using unpacker = new Unpacker(() => undefined);
  const parts = { ...options, name, unpacker, progress: () => undefined };
  // Earlier servers kept layers as they had been sent.
  await takeLayers(image, { placeOf: async (layer) => await blobs.placeOf(layer) }, parts);
  return await inTurn(() => makeFolder(image, parts));
}
