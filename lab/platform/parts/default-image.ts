// Hands the default image to the server, unless it has this very archive already.
import { readFile, stat, writeFile } from 'node:fs/promises';
import { succeed } from '../../programs/run-program.ts';
import type { PlatformPaths } from '../paths.ts';
import { waltCommand } from './launcher.ts';

/** Imports release/dist's archive; it is told from an earlier one by its size and time. */
export async function importDefaultImage(paths: PlatformPaths, signal: AbortSignal): Promise<void> {
  const { size, mtimeMs } = await stat(paths.image);
  const wanted = JSON.stringify({ size, mtimeMs });
  const present = await readFile(paths.importedImage, 'utf8').catch(() => '');
  if (present === wanted) return;
  console.log('Importing the default image (once) …');
  await succeed(waltCommand(paths, 'image', 'import', paths.image), { seconds: 1800, signal });
  await writeFile(paths.importedImage, wanted);
}
