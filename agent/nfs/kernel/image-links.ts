// The folder of nodes, as the kernel's NFS server shows it: `<node>/fs` is a symbolic link to the node's image.
import { mkdir, readdir, readlink, rename, rm, rmdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';

const LINK = 'fs';

/** Where the links lead now, by the node's name. Entries without such a link are not ours. */
export async function linkedImages(folder: string): Promise<Map<string, string>> {
  const links = new Map<string, string>();
  for (const name of await readdir(folder)) {
    const target = await targetOf(join(folder, name, LINK));
    if (target !== undefined) links.set(name, target);
  }
  return links;
}

/** Makes these the links, all of them. Each changes in one step: a mount finds the old image or the new one. */
export async function linkImages(folder: string, wanted: ReadonlyMap<string, string>) {
  const links = await linkedImages(folder);
  for (const [name, target] of wanted) {
    if (links.get(name) !== target) await link(join(folder, name), target);
  }
  for (const name of links.keys()) {
    if (!wanted.has(name)) await unlink(join(folder, name));
  }
}

async function link(node: string, target: string): Promise<void> {
  await mkdir(node, { recursive: true });
  const temporary = join(node, `${LINK}.new`);
  await rm(temporary, { force: true });
  await symlink(target, temporary);
  await rename(temporary, join(node, LINK));
}

async function unlink(node: string): Promise<void> {
  await rm(join(node, LINK));
  await rmdir(node).catch((error: NodeJS.ErrnoException) => {
    // Somebody keeps other things of the node there.
    if (error.code !== 'ENOTEMPTY') throw error;
  });
}

function targetOf(path: string): Promise<string | undefined> {
  return readlink(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR' || error.code === 'EINVAL')
      return undefined;
    throw error;
  });
}
