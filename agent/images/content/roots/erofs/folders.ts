// Folders of EROFS: blocks of entries followed by their names, in the order of the names' bytes.
//   entry: 0 inode 8 | 8 place of the name in the block 2 | 10 type 1 | 11 reserved 1
import type { Folder, TreeNode } from '../../tree/image-tree.ts';
import { BLOCK } from './sizes.ts';

const ENTRY = 12;

/** Linux, include/linux/fs_types.h. */
const TYPES: Readonly<Record<TreeNode['kind'], number>> = {
  file: 1,
  folder: 2,
  character: 3,
  block: 4,
  fifo: 5,
  link: 7,
};

type Name = { readonly name: string; readonly type: number };

/** Bytes of a folder's content. */
export function folderBytes(folder: Folder): number {
  const blocks = blocksOf(folder);
  const last = blocks.at(-1) ?? [];
  return (blocks.length - 1) * BLOCK + last.reduce((sum, { name }) => sum + ENTRY + name.length, 0);
}

/**
 * Content of a folder.
 * @param inodeOf number of the inode of a name, those of `.` and `..` too
 */
export function folderContent(folder: Folder, inodeOf: (name: string) => number): Buffer {
  const content = Buffer.alloc(folderBytes(folder));
  for (const [index, names] of blocksOf(folder).entries()) {
    const start = index * BLOCK;
    let place = names.length * ENTRY;
    for (const [position, { name, type }] of names.entries()) {
      const at = start + position * ENTRY;
      content.writeBigUInt64LE(BigInt(inodeOf(name)), at);
      content.writeUInt16LE(place, at + 8);
      content.writeUInt8(type, at + 10);
      content.write(name, start + place, 'latin1');
      place += name.length;
    }
  }
  return content;
}

function blocksOf(folder: Folder): Name[][] {
  const blocks: Name[][] = [[]];
  let filled = 0;
  for (const name of namesOf(folder)) {
    const length = ENTRY + name.name.length;
    if (filled + length > BLOCK) {
      blocks.push([]);
      filled = 0;
    }
    blocks.at(-1)?.push(name);
    filled += length;
  }
  return blocks;
}

function namesOf({ children }: Folder): Name[] {
  const names = [...children].map(([name, { kind }]) => ({ name, type: TYPES[kind] }));
  const own = ['.', '..'].map((name) => ({ name, type: TYPES.folder }));
  return [...own, ...names].sort((left, right) => (left.name < right.name ? -1 : 1));
}
