// A layer to a tree, as GNU tar unpacks it: the oracle for what umoci does not know.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runProgram } from '../../../../lab/programs/run-program.ts';
import type { TreeByUmoci } from './by-umoci.ts';
import { listFolder } from './listing.ts';

const HOW = ['--extract', '--numeric-owner', '--same-owner', '--preserve-permissions'];
const ATTRIBUTES = ['--xattrs', '--xattrs-include=*', '--delay-directory-restore'];

/** Needs root. @param folder an empty one */
export async function treeByTar(archive: Uint8Array, folder: string): Promise<TreeByUmoci> {
  const [path, root] = [join(folder, 'layer.tar'), join(folder, 'rootfs')];
  await writeFile(path, archive);
  await mkdir(root, { mode: 0o755 });
  const argv = ['tar', ...HOW, ...ATTRIBUTES, `--directory=${root}`, `--file=${path}`];
  const { code, said } = await runProgram(argv);
  if (code !== 0) return { kind: 'refused', reason: said };
  return { kind: 'made', listing: await listFolder(root) };
}
