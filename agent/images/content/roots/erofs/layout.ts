// Where everything of an EROFS file system lies: each file of the tree gets its place, which is its inode number too.
import type { Folder, TreeNode } from '../../tree/image-tree.ts';
import { folderBytes } from './folders.ts';
import { BLOCK, INODE, SLOT, SUPERBLOCK_END } from './sizes.ts';
import { type Xattrs, xattrsOf } from './xattrs.ts';

/** A file of the tree with its place. */
export type Placed = {
  readonly node: TreeNode;
  /** of the inode, in the file system; bytes, a multiple of SLOT */
  readonly position: number;
  readonly xattrs: Xattrs;
  /** what follows the inode and its attributes: the end of a folder, the target of a link */
  readonly tail: number;
  /** names that it has; of a folder, with its own `.` and those of the folders in it */
  links: number;
  parent: Placed | undefined;
};

/** The whole file system, before its content is written. */
export type Layout = {
  readonly root: Placed;
  /** in the order of their positions */
  readonly all: readonly Placed[];
  readonly byNode: ReadonlyMap<TreeNode, Placed>;
  /** of all inodes with what follows them */
  readonly end: number;
};

/** Room for a chunk's place behind an inode (`struct erofs_inode_chunk_index`), at a multiple of its size. */
const CHUNK_INDEX = 8;

/** @param devices how many other files hold content */
export function layOut(root: Folder, devices: number): Layout {
  const start = Math.ceil((SUPERBLOCK_END + devices * 128) / SLOT) * SLOT;
  const byNode = new Map<TreeNode, Placed>();
  const all: Placed[] = [];
  let position = start;
  const place = (node: TreeNode, parent: Placed | undefined): Placed => {
    const xattrs = xattrsOf(node.attributes.xattrs);
    const tail = tailOf(node);
    const fixed = INODE + xattrs.bytes.length;
    const length =
      tail > 0 ? fixed + tail : Math.ceil(fixed / CHUNK_INDEX) * CHUNK_INDEX + CHUNK_INDEX;
    // What follows an inode has to be in the same block.
    if ((position % BLOCK) + length > BLOCK) position = Math.ceil(position / BLOCK) * BLOCK;
    const isInline = tail > 0 && fixed + tail <= BLOCK;
    const placed = { node, position, xattrs, tail: isInline ? tail : 0, links: 0, parent };
    position += Math.ceil((isInline || tail === 0 ? length : fixed) / SLOT) * SLOT;
    byNode.set(node, placed);
    all.push(placed);
    return placed;
  };
  const first = place(root, undefined);
  first.parent = first;
  first.links = 2;
  const waiting: Placed[] = [first];
  for (let folder = waiting.shift(); folder !== undefined; folder = waiting.shift()) {
    if (folder.node.kind !== 'folder') continue;
    for (const child of inOrder(folder.node)) {
      const known = byNode.get(child);
      const placed = known ?? place(child, folder);
      placed.links += 1;
      if (child.kind !== 'folder') continue;
      placed.links += 1;
      folder.links += 1;
      waiting.push(placed);
    }
  }
  return { root: first, all, byNode, end: position };
}

function inOrder(folder: Folder): TreeNode[] {
  return [...folder.children.keys()].sort().flatMap((name) => folder.children.get(name) ?? []);
}

/** Bytes that would follow the inode; 0 for what has none there. */
function tailOf(node: TreeNode): number {
  if (node.kind === 'link') return node.target.length;
  return node.kind === 'folder' ? folderBytes(node) % BLOCK : 0;
}
