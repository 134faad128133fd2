// Writes a tree as an EROFS file system. Content of layers stays where it is: their data are further devices of it.
import { open } from 'node:fs/promises';
import type { Folder, TreeNode } from '../../tree/image-tree.ts';
import { folderContent } from './folders.ts';
import {
  chunkForm,
  deviceNumber,
  type InodeFacts,
  LAYOUT,
  NOWHERE,
  numberOf,
  writeChunk,
  writeInode,
  writeSuperblock,
} from './format.ts';
import { type Layout, layOut, type Placed } from './layout.ts';
import { BLOCK, INODE } from './sizes.ts';

/** What the file system is made with. */
export type ErofsOptions = {
  /** a new file */
  readonly path: string;
  /** bytes of the data of each layer, lowest first */
  readonly layers: readonly number[];
  /** 16 bytes; the same tree with the same UUID is the same file, byte for byte */
  readonly uuid: Uint8Array;
};

/** The file is on the disk for good once it resolves. */
export async function writeErofs(
  root: Folder,
  { path, layers, uuid }: ErofsOptions,
): Promise<void> {
  const layout = layOut(root, layers.length);
  const blocks = new Blocks(Math.ceil(layout.end / BLOCK));
  const head = Buffer.alloc(Math.ceil(layout.end / BLOCK) * BLOCK);
  for (const placed of layout.all) {
    const { tail, chunk, ...inode } = contentOf(placed, { layout, blocks });
    writeInode(head, placed, inode);
    if (tail !== undefined) head.set(tail, placed.position + INODE + placed.xattrs.bytes.length);
    if (chunk !== undefined) writeChunk(head, placed, chunk);
  }
  writeSuperblock(head, { layout, blocks: blocks.next, devices: layers, uuid });
  const file = await open(path, 'wx', 0o600);
  try {
    await file.writev([head, ...blocks.content]);
    await file.datasync();
  } finally {
    await file.close();
  }
}

type Written = InodeFacts & {
  /** right behind the inode */
  readonly tail?: Uint8Array;
  readonly chunk?: { readonly device: number; readonly block: number };
};

type Writing = { readonly layout: Layout; readonly blocks: Blocks };

function contentOf(placed: Placed, { layout, blocks }: Writing): Written {
  const { node } = placed;
  if (node.kind === 'folder')
    return inBlocks(placed, contentOfFolder(node, { placed, layout }), blocks);
  if (node.kind === 'link') return inBlocks(placed, Buffer.from(node.target, 'latin1'), blocks);
  if (node.kind === 'fifo') return { layout: LAYOUT.plain, size: 0, union: NOWHERE };
  if (node.kind !== 'file') {
    return { layout: LAYOUT.plain, size: 0, union: deviceNumber(node.major, node.minor) };
  }
  const { size, content } = node;
  if (size === 0) return { layout: LAYOUT.plain, size, union: NOWHERE };
  if (content.kind === 'bytes') {
    return { layout: LAYOUT.plain, size, union: blocks.add(content.bytes) };
  }
  const chunk = { device: content.layer + 1, block: content.offset / BLOCK };
  return { layout: LAYOUT.chunks, size, union: chunkForm(size), chunk };
}

/** Whole blocks elsewhere, the rest behind the inode if there is room for it. */
function inBlocks({ tail }: Placed, bytes: Buffer, blocks: Blocks): Written {
  const size = bytes.length;
  if (tail === 0) return { layout: LAYOUT.plain, size, union: blocks.add(bytes) };
  const whole = bytes.subarray(0, size - tail);
  const union = whole.length === 0 ? NOWHERE : blocks.add(whole);
  return { layout: LAYOUT.inline, size, union, tail: bytes.subarray(size - tail) };
}

function contentOfFolder(
  node: Folder,
  { placed, layout }: { readonly placed: Placed; readonly layout: Layout },
): Buffer {
  const placeOf = (child: TreeNode | undefined) => (child && layout.byNode.get(child)) ?? placed;
  return folderContent(node, (name) => {
    if (name === '.') return numberOf(placed);
    if (name === '..') return numberOf(placed.parent ?? placed);
    return numberOf(placeOf(node.children.get(name)));
  });
}

/** Blocks behind the inodes. */
class Blocks {
  readonly content: Buffer[] = [];
  next: number;

  constructor(first: number) {
    this.next = first;
  }

  /** @returns the block where the bytes begin */
  add(bytes: Uint8Array): number {
    const first = this.next;
    const padded = Buffer.alloc(Math.ceil(bytes.length / BLOCK) * BLOCK);
    padded.set(bytes);
    this.content.push(padded);
    this.next += padded.length / BLOCK;
    return first;
  }
}
