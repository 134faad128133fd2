// Tells whether an image must be built again: one hash over everything in the repository that it is made from.
import { createHash } from 'node:crypto';
import { lstat, readdir, readFile, readlink } from 'node:fs/promises';
import { join, relative } from 'node:path';

/** SHA-256 in hex over names, kinds, executable bits and contents of all files below the paths, and over the text. */
export async function inputHash(
  top: string,
  { paths, text }: { readonly paths: readonly string[]; readonly text: string },
): Promise<string> {
  const hash = createHash('sha256').update(text);
  const files = (await Promise.all(paths.map((path) => filesBelow(join(top, path))))).flat();
  for (const file of files.sort()) {
    const stat = await lstat(file);
    hash.update(`\0${relative(top, file)}\0${stat.mode & 0o100}\0`);
    hash.update(stat.isSymbolicLink() ? await readlink(file) : await readFile(file));
  }
  return hash.digest('hex');
}

async function filesBelow(path: string): Promise<string[]> {
  if (!(await lstat(path)).isDirectory()) return [path];
  const entries = await readdir(path, { withFileTypes: true, recursive: true });
  return entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name));
}
