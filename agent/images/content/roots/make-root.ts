// From the layers of an image to the root that nodes mount: one tree of all, checked, its templates filled, the node side
// laid over, written in the form that this machine can serve.

import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { ImageError, messageOf } from '../../../errors.ts';
import { problemsOf } from '../check/check.ts';
import { eachEntry } from '../layers/layer-files.ts';
import { layOverlay } from '../node-side/lay-overlay.ts';
import { fillTemplates, type TemplateNote } from '../templates/fill.ts';
import type { ServerValues } from '../templates/values.ts';
import { layerOver } from '../tree/apply-layer.ts';
import { emptyFolder, type Folder, sizeOf } from '../tree/image-tree.ts';
import { treeFiles } from '../tree/tree-files.ts';
import { attributeNotes } from './attribute-notes.ts';
import { writeErofs } from './erofs/erofs.ts';
import { writeFolder } from './folder.ts';

/** How a root is kept: as a file system that is mounted over its layers' data, or as a folder with copies of all files. */
export type RootForm = 'erofs' | 'folder';

/** A root that is to be made. */
export type RootWanted = {
  /** of the manifest */
  readonly digest: string;
  /** folders of its layers, lowest first */
  readonly layers: readonly string[];
  readonly models: readonly string[];
  /** what the configuration says, as Go names it */
  readonly architecture: string;
  readonly overlay: string;
  readonly publicKey: string;
  readonly values: ServerValues;
  readonly form: RootForm;
  /** an empty folder on the file system of the store */
  readonly folder: string;
};

/** What was made, or why not. */
export type RootMade =
  | { readonly kind: 'refused'; readonly problems: readonly string[] }
  | {
      readonly kind: 'made';
      readonly notes: readonly TemplateNote[];
      /** bytes of all files */
      readonly size: number;
      readonly isTemplated: boolean;
    };

/** Names in the folder of a root. */
export const ROOT_FILES = { erofs: 'root.erofs', folder: 'fs' } as const;

/** @throws {ImageError} if the layers do not make an image together */
export async function makeRoot(wanted: RootWanted): Promise<RootMade> {
  const { layers, models, architecture, digest, values } = wanted;
  const root = emptyFolder();
  const dataBytes = await mergeLayers(root, layers);
  const files = treeFiles(root, layers);
  try {
    const problems = await problemsOf(files, { models, architecture });
    if (problems.length > 0) return { kind: 'refused', problems };
    const size = sizeOf(root);
    const { filled, notes } = await fillTemplates(root, { digest, values, files });
    await layOverlay(root, { ...wanted, files });
    const dropped = attributeNotes(root, files);
    await write(root, { ...wanted, dataBytes });
    return { kind: 'made', notes: [...notes, ...dropped], size, isTemplated: filled > 0 };
  } finally {
    await files.close();
  }
}

/** @returns bytes of the data of each layer */
async function mergeLayers(root: Folder, layers: readonly string[]): Promise<number[]> {
  const dataBytes: number[] = [];
  for (const [index, folder] of layers.entries()) {
    try {
      const { dataBytes: bytes } = await eachEntry(folder, layerOver(root, index));
      dataBytes.push(bytes);
    } catch (thrown) {
      if (!(thrown instanceof ImageError)) throw thrown;
      const message = `layer ${index + 1} of ${layers.length}: ${messageOf(thrown)}`;
      throw new ImageError(message, [], { cause: thrown });
    }
  }
  return dataBytes;
}

async function write(
  root: Folder,
  {
    form,
    folder,
    layers,
    dataBytes,
    digest,
  }: RootWanted & { readonly dataBytes: readonly number[] },
): Promise<void> {
  if (form === 'folder') {
    await writeFolder(root, { path: join(folder, ROOT_FILES.folder), layers });
    return;
  }
  const uuid = createHash('sha256').update(digest).digest().subarray(0, 16);
  const path = join(folder, ROOT_FILES.erofs);
  await writeErofs(root, { path, layers: dataBytes, uuid });
}
