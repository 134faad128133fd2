// A folder of this machine as the tree of an image, with the content of its files.
import { lstat, readdir, readFile, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { ImageFiles } from '../../../agent/images/content/files/image-files.ts';
import {
  type Attributes,
  emptyFolder,
  type Folder,
  type TreeNode,
} from '../../../agent/images/content/tree/image-tree.ts';
import { treeFiles } from '../../../agent/images/content/tree/tree-files.ts';

/** Hard links become one file, as in an image. */
export async function treeOf(folder: string): Promise<Folder> {
  const byInode = new Map<number, TreeNode>();
  const read = async (path: string): Promise<TreeNode> => {
    const status = await lstat(path);
    const known = byInode.get(status.ino);
    if (known !== undefined) return known;
    const attributes: Attributes = {
      ...{ mode: status.mode & 0o7777, uid: status.uid, gid: status.gid },
      ...{ seconds: Math.floor(status.mtimeMs / 1000), nanoseconds: 0, xattrs: {} },
    };
    if (status.isSymbolicLink()) return { kind: 'link', attributes, target: await readlink(path) };
    if (status.isFIFO()) return { kind: 'fifo', attributes };
    if (status.isDirectory()) {
      const node = emptyFolder(attributes);
      for (const name of await readdir(path)) node.children.set(name, await read(join(path, name)));
      return node;
    }
    const bytes = await readFile(path);
    const content = { kind: 'bytes', bytes } as const;
    const file: TreeNode = { kind: 'file', attributes, size: bytes.length, content };
    if (status.nlink > 1) byInode.set(status.ino, file);
    return file;
  };
  return (await read(folder)) as Folder;
}

/** Files of a folder of this machine, as checks read those of an image. */
export async function filesOf(folder: string): Promise<ImageFiles> {
  return treeFiles(await treeOf(folder), []);
}
