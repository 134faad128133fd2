// Makes the folder of a root, whole and on the disk for good, where it is not yet used.
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { runProgram } from '../../../host/processes/program.ts';
import type { LayerStore } from '../layers/layer-store.ts';
import type { ServerValues } from '../templates/values.ts';
import { ROOT_FILES, type RootForm, type RootMade, type RootWanted } from './make-root.ts';
import { writeFacts } from './root-facts.ts';
import { syncFolder } from './sync-folder.ts';

/** What an image is made of. */
export type Parts = {
  /** of the manifest */
  readonly digest: string;
  /** lowest first */
  readonly diffIds: readonly string[];
  readonly models: readonly string[];
  /** what its configuration says, as Go names it */
  readonly architecture: string;
};

type Options = {
  readonly layers: LayerStore;
  readonly overlay: string;
  readonly publicKey: string;
  readonly values: ServerValues;
  readonly form: RootForm;
  /** a new one, on the file system of the store */
  readonly folder: string;
  readonly make: (wanted: RootWanted) => Promise<RootMade>;
};

/** @throws {ImageError} if the layers do not fit together */
export async function sealRoot(
  { digest, diffIds, models, architecture }: Parts,
  { layers, overlay, publicKey, values, form, folder, make }: Options,
): Promise<RootMade> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder);
  const made = await make({
    ...{ digest, models, architecture, overlay, publicKey, values, form, folder },
    layers: diffIds.map((diffId) => layers.folderOf(diffId)),
  });
  if (made.kind === 'refused') return made;
  if (form === 'erofs') await mkdir(join(folder, ROOT_FILES.folder));
  else await runProgram('sync', ['-f', folder]);
  const { size, isTemplated } = made;
  await writeFacts(folder, { form, size, isTemplated, layers: diffIds });
  await syncFolder(folder);
  return made;
}
