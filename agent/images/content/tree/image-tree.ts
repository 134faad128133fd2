// The file system of an image in memory, without the content of its files: what its layers make together, and what the
// server adds. The folders or file systems that nodes mount are made of it.
import type { LayerEntry } from '../layers/layer-entry.ts';

/** Where the content of a file is. */
export type Content =
  /** in the data of a layer, from `offset` on; the lowest layer is 0 */
  | { readonly kind: 'layer'; readonly layer: number; readonly offset: number }
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array };

/** What all kinds of files have; text is a character for each byte. */
export type Attributes = Pick<
  LayerEntry,
  'mode' | 'uid' | 'gid' | 'seconds' | 'nanoseconds' | 'xattrs'
>;

/** A file of any kind. One that has several names (hard links) is one object in several folders. */
export type TreeNode = { attributes: Attributes } & (
  | { readonly kind: 'folder'; readonly children: Map<string, TreeNode> }
  | { readonly kind: 'file'; readonly size: number; readonly content: Content }
  | { readonly kind: 'link'; readonly target: string }
  | { readonly kind: 'character' | 'block'; readonly major: number; readonly minor: number }
  | { readonly kind: 'fifo' }
);

/** A folder of the tree. */
export type Folder = Extract<TreeNode, { kind: 'folder' }>;
/** A file with content. */
export type File = Extract<TreeNode, { kind: 'file' }>;

/** Of folders that no layer names, and of what the server adds: the same whatever machine makes the image. */
export const OWN_ATTRIBUTES: Attributes = {
  ...{ mode: 0o755, uid: 0, gid: 0, seconds: 0, nanoseconds: 0 },
  xattrs: {},
};

/** A folder with nothing in it. */
export function emptyFolder(attributes: Attributes = OWN_ATTRIBUTES): Folder {
  return { kind: 'folder', attributes, children: new Map() };
}

/** A file of the server's. */
export function ownFile(bytes: Uint8Array, mode: number): File {
  const attributes = { ...OWN_ATTRIBUTES, mode };
  return { kind: 'file', attributes, size: bytes.length, content: { kind: 'bytes', bytes } };
}

/** Every name below a folder, each folder before what is in it, in the order of their bytes. */
export function* walk(folder: Folder, path = ''): Generator<[path: string, node: TreeNode]> {
  for (const name of [...folder.children.keys()].sort()) {
    const node = folder.children.get(name);
    if (node === undefined) continue;
    const full = path === '' ? name : `${path}/${name}`;
    yield [full, node];
    if (node.kind === 'folder') yield* walk(node, full);
  }
}

/** Bytes of all files, each once; what `du --apparent-size` says without folders. */
export function sizeOf(root: Folder): number {
  const seen = new Set<TreeNode>();
  for (const [, node] of walk(root)) if (node.kind === 'file') seen.add(node);
  return [...seen].reduce((sum, node) => sum + (node.kind === 'file' ? node.size : 0), 0);
}
