// Writes archives of layers for other programs.
import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { archiveOf } from './layer-archive.ts';

/** An archive that is to be written. */
export type ArchiveWanted = {
  /** of the layer */
  readonly folder: string;
  /** of the new file */
  readonly path: string;
};

/** @returns their lengths in bytes @throws {Error} of node:fs */
export async function writeArchives(wanted: readonly ArchiveWanted[]): Promise<number[]> {
  const lengths: number[] = [];
  for (const { folder, path } of wanted) {
    const file = createWriteStream(path, { mode: 0o600 });
    await pipeline(archiveOf(folder), file);
    lengths.push(file.bytesWritten);
  }
  return lengths;
}
