// Reads the files of a card's FAT file system with mtools. `card` is an image of the file system, or names it in the image
// of a whole card as mtools do: `disk.img@@4194304`.
import { succeed } from '../programs/run-program.ts';

/** Where the only partition of a card for Raspberry Pis begins, in bytes. */
export const PARTITION = 4 * 1024 * 1024;

/** Path and length in bytes of all files. */
export async function filesOf(card: string): Promise<Map<string, number>> {
  const { stdout } = await succeed(['mdir', '-b', '-a', '-/', '-i', card, '::']);
  const files = new Map<string, number>();
  const paths = stdout.toString().split('\n');
  for (const line of paths.filter((path) => /[^/]$/.test(path))) {
    files.set(line.slice('::/'.length), (await contentOf(card, line.slice(3))).length);
  }
  return files;
}

/** The bytes of one file. @throws {Error} where there is no such file */
export async function contentOf(card: string, path: string): Promise<Buffer> {
  const { stdout } = await succeed(['mtype', '-i', card, `::/${path}`]);
  return stdout;
}
