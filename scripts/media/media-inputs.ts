// What media are made of, as a hash that lies beside each medium, and beside the server for the media that belong to it:
// `walt doctor` compares them (agent/doctor/content/media.ts).
import { writeFile } from 'node:fs/promises';
import { inputHash } from '../images/cache/input-hash.ts';

/** All that makes media, from the project's folder. */
export const MEDIA_MAKERS = ['scripts', 'boot-artifacts', 'package.json'];

/** Writes what media would be made of now into `<file>.inputs`. @param root the project's folder */
export async function noteInputs(file: string, root: string): Promise<void> {
  await writeFile(`${file}.inputs`, await inputHash(root, { paths: MEDIA_MAKERS, text: '' }));
}
