// Which node side a folder of an image has: a hash of all that is laid over images.
import { createHash } from 'node:crypto';
import { lstat, readdir, readFile, readlink } from 'node:fs/promises';
import { join } from 'node:path';

/** Changes when images are made ready in another way, so that those from before are made ready again. */
const METHOD = 'made of layers, with a list of capabilities';

/** @returns 12 hex digits that change with any file of the overlay, and with the key */
export async function overlayVersion(overlay: string, publicKey: string): Promise<string> {
  const hash = createHash('sha256').update(METHOD).update(publicKey.trim());
  const files = await overlayFiles(overlay);
  const read = await Promise.all(files.map((path) => readEntry(join(overlay, path))));
  for (const [index, path] of files.entries()) {
    const { mode = 0, content = '' } = read[index] ?? {};
    hash.update(`\0${path}\0${mode}\0`).update(content);
  }
  return hash.digest('hex').slice(0, 12);
}

async function readEntry(path: string) {
  const status = await lstat(path);
  const content = status.isSymbolicLink() ? await readlink(path) : await readFile(path);
  return { mode: status.mode, content };
}

/** Paths of the files that are laid over images, relative to the overlay. */
export async function overlayFiles(overlay: string): Promise<string[]> {
  const entries = await readdir(overlay, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name).slice(overlay.length + 1))
    .toSorted();
}
