// A tree in the two forms that nodes mount, listed from the disk.
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { mountErofs } from '../../../../agent/host/mounting/mount-erofs.ts';
import { unmount } from '../../../../agent/host/mounting/unmount.ts';
import { layerFiles } from '../../../../agent/images/content/layers/layer-files.ts';
import { writeErofs } from '../../../../agent/images/content/roots/erofs/erofs.ts';
import { writeFolder } from '../../../../agent/images/content/roots/folder.ts';
import type { MergedLayers } from './by-ours.ts';
import { type Listing, listFolder } from './listing.ts';

/** Calls `use` with the folder where the tree is mounted. @param folder an empty one */
export async function withErofs<Result>(
  { root, folders, indexes }: MergedLayers,
  { folder, use }: { readonly folder: string; readonly use: (path: string) => Promise<Result> },
): Promise<Result> {
  const [path, target] = [join(folder, 'root.erofs'), join(folder, 'mounted')];
  const layers = indexes.map(({ dataBytes }) => dataBytes);
  await writeErofs(root, { path, layers, uuid: new Uint8Array(16) });
  await mkdir(target);
  const data = folders.map((layer) => layerFiles(layer).data);
  await mountErofs(target, { file: path, data });
  try {
    return await use(target);
  } finally {
    await unmount(target);
  }
}

/** The tree as EROFS, mounted. @param folder an empty one */
export async function listErofs(tree: MergedLayers, folder: string): Promise<Listing> {
  return await withErofs(tree, { folder, use: listFolder });
}

/** The tree as a plain folder. @param folder an empty one */
export async function listPlain({ root, folders }: MergedLayers, folder: string): Promise<Listing> {
  const path = join(folder, 'plain');
  await writeFolder(root, { path, layers: folders });
  return await listFolder(path);
}

/** A listing of a tree with the time that is written where no entry has set one. */
export function withOwnTimes(listing: Listing): Listing {
  return Object.fromEntries(
    Object.entries(listing).map(([path, { mtime = '0', ...rest }]) => [path, { ...rest, mtime }]),
  );
}
