// The folder of nodes, as the kernel's NFS server shows it: `<node>/fs` is a symbolic link to the node's image, and
// `<node>/persist` one to what the node keeps.
import { mkdir, readdir, readlink, rename, rm, rmdir, symlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { mountPath, sharePath } from '../export.ts';

/** Names of the links in the folder of a node. */
const LINKS = [mountPath('node'), sharePath('node')].map((path) => basename(path));

/** Where the links lead now, by `<node>/fs` and `<node>/persist`. Entries without such links are not ours. */
export async function linkedImages(folder: string): Promise<Map<string, string>> {
  const links = new Map<string, string>();
  for (const name of await readdir(folder)) {
    for (const link of LINKS.map((each) => join(name, each))) {
      const target = await targetOf(join(folder, link));
      if (target !== undefined) links.set(link, target);
    }
  }
  return links;
}

/**
 * Makes these the links, all of them. Each changes in one step: a mount finds the old image or the new one.
 * @param change.links as they are
 */
export async function linkImages(
  folder: string,
  { links, wanted }: Readonly<Record<'links' | 'wanted', ReadonlyMap<string, string>>>,
) {
  for (const [name, target] of wanted) {
    if (links.get(name) !== target) await link(join(folder, name), target);
  }
  for (const name of links.keys()) {
    if (!wanted.has(name)) await unlink(join(folder, name));
  }
}

async function link(path: string, target: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const temporary = `${path}.new`;
  await rm(temporary, { force: true });
  await symlink(target, temporary);
  await rename(temporary, path);
}

async function unlink(path: string): Promise<void> {
  await rm(path);
  await rmdir(dirname(path)).catch((error: NodeJS.ErrnoException) => {
    // The other link, or somebody keeps other things of the node there.
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
