// Layers to a tree, as the server does it.
import { createHash } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { ImageError } from '../../../../agent/errors.ts';
import type { LayerIndex } from '../../../../agent/images/content/layers/layer-files.ts';
import { LayerRules } from '../../../../agent/images/content/layers/layer-rules.ts';
import { readLayer } from '../../../../agent/images/content/layers/read-layer.ts';
import { applyLayer } from '../../../../agent/images/content/tree/apply-layer.ts';
import { emptyFolder, type Folder } from '../../../../agent/images/content/tree/image-tree.ts';
import { type Listing, listTree } from './listing.ts';

/** A layer as it is sent, and its archive; the same where it is not compressed. */
export type SentLayer = { readonly archive: Buffer; readonly sent?: Buffer };

/** What our program makes of layers. */
export type OurTree =
  | { readonly kind: 'refused'; readonly reason: string }
  | ({ readonly kind: 'made'; readonly listing: Listing } & MergedLayers);

/** A tree with the layers that it is made of. */
export type MergedLayers = {
  readonly root: Folder;
  /** folders of the layers, lowest first */
  readonly folders: readonly string[];
  readonly indexes: readonly LayerIndex[];
};

const LIMITS = { maxFiles: 100_000, maxBytes: 2 ** 26, bytesReason: 'as the test says' };
const PIECE = 60_000;

/** `sha256:…` */
export function digestOf(bytes: Uint8Array): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}

/** The bytes in pieces, as a connection brings them. */
export async function* inPieces(bytes: Buffer, length = PIECE): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += length) yield bytes.subarray(at, at + length);
}

type How = { readonly folder: string; readonly limits?: typeof LIMITS };

/** @param folder an empty one @throws whatever is no refusal */
export async function treeByOurs(layers: readonly SentLayer[], how: How): Promise<OurTree> {
  try {
    const merged = await mergedByOurs(layers, how);
    return { kind: 'made', ...merged, listing: await listTree(merged.root, merged.folders) };
  } catch (thrown) {
    if (!(thrown instanceof ImageError)) throw thrown;
    return { kind: 'refused', reason: thrown.message };
  }
}

/** Reads no content. @param folder an empty one @throws {ImageError} */
export async function mergedByOurs(
  layers: readonly SentLayer[],
  { folder, limits = LIMITS }: How,
): Promise<MergedLayers> {
  const rules = new LayerRules(limits, { files: 0, bytes: 0 });
  const root = emptyFolder();
  const indexes: LayerIndex[] = [];
  const folders: string[] = [];
  for (const [index, { archive, sent = archive }] of layers.entries()) {
    const own = join(folder, `layer-${index}`);
    await mkdir(own);
    const wanted = { digest: digestOf(sent), diffId: digestOf(archive), folder: own };
    const read = await readLayer(inPieces(sent), { wanted, rules });
    applyLayer(root, read.entries, index);
    indexes.push(read);
    folders.push(own);
  }
  return { root, folders, indexes };
}
