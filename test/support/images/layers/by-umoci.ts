// Layers to a tree, as umoci unpacks them: the oracle. It reads plain and gzip layers only.
import { join } from 'node:path';
import { runProgram } from '../../../../lab/programs/run-program.ts';
import { makeLayout } from '../tar.ts';
import { type Listing, listFolder } from './listing.ts';

const TAG = 'oracle';

/** What umoci makes of layers. */
export type TreeByUmoci =
  | { readonly kind: 'refused'; readonly reason: string }
  | { readonly kind: 'made'; readonly listing: Listing };

/** Needs root. @param layers tar archives, lowest first @param folder an empty one */
export async function treeByUmoci(
  layers: readonly Uint8Array[],
  folder: string,
): Promise<TreeByUmoci> {
  const layout = await makeLayout(join(folder, 'layout'), layers, { tag: TAG });
  const root = join(folder, 'rootfs');
  const argv = ['umoci', 'raw', 'unpack', '--image', `${layout}:${TAG}`, root];
  const { code, said } = await runProgram(argv);
  if (code !== 0) return { kind: 'refused', reason: said };
  return { kind: 'made', listing: await listFolder(root) };
}
