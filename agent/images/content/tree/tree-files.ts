// Files of an image that is a tree: their content is in the layers.
import type { ImageFiles } from '../files/image-files.ts';
import { LayerData } from '../layers/layer-data.ts';
import { find } from './find.ts';
import type { File, Folder, TreeNode } from './image-tree.ts';

const MOST_TEXT = 16 * 2 ** 20;

/** Made for one image; `close` lets go of the layers. */
export type TreeFiles = ImageFiles & { readonly close: () => Promise<void> };

/** @param layers folders of the layers, lowest first */
export function treeFiles(root: Folder, layers: readonly string[]): TreeFiles {
  const data = layers.map((folder) => new LayerData(folder));
  const nodeAt = (path: string): TreeNode | undefined => {
    const found = find(root, path);
    return found.kind === 'found' ? found.node : undefined;
  };
  const firstBytes = async (path: string, length: number) => {
    const node = nodeAt(path);
    if (node?.kind !== 'file') return undefined;
    return await read(node, Math.min(length, node.size), data);
  };
  return {
    hasFile: (path) => nodeAt(path)?.kind === 'file',
    hasFolder: (path) => {
      const found = find(root, path);
      return found.kind === 'found' && found.path === path && found.node.kind === 'folder';
    },
    firstBytes,
    textOf: async (path) => (await firstBytes(path, MOST_TEXT))?.toString('latin1'),
    namesIn: (path) => {
      const node = nodeAt(path);
      return node?.kind === 'folder' ? [...node.children.keys()].sort() : [];
    },
    close: async () => {
      for (const one of data) await one.close();
    },
  };
}

async function read(node: File, length: number, data: readonly LayerData[]): Promise<Buffer> {
  const { content } = node;
  if (content.kind === 'bytes') return Buffer.from(content.bytes).subarray(0, length);
  const parts: Buffer[] = [];
  for await (const part of data[content.layer]?.read(content.offset, length) ?? [])
    parts.push(part);
  return Buffer.concat(parts);
}
