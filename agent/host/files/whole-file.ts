// Files that a crash at any moment must leave whole: the old text or the new one.
import { open, rename } from 'node:fs/promises';
import { textOf } from './text-of.ts';

/**
 * Replaces the file by a new one that root alone may read; its folder must be there. One that is so already is left alone: the disk may be full.
 * @param options.isLasting false for a text that is made again after a loss of power, for which nobody has to wait for the disk
 */
export async function writeWholeFile(
  path: string,
  text: string,
  { isLasting = true }: { readonly isLasting?: boolean } = {},
): Promise<void> {
  if ((await textOf(path)) === text) return;
  const temporary = `${path}.new`;
  const file = await open(temporary, 'w', 0o600);
  try {
    await file.writeFile(text);
    if (isLasting) await file.sync();
  } finally {
    await file.close();
  }
  await rename(temporary, path);
}
