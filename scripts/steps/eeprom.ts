// The EEPROM image that a Raspberry Pi 4 or 400 takes from a card: the vendor's, with our settings.
import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { replaceEepromFile, signatureText } from '../eeprom/image.ts';
import { fetchInput } from '../inputs/fetch.ts';
import type { Build } from './build.ts';
import { SOURCE_DATE } from './source-date.ts';
import type { EepromStep } from './step.ts';

export async function writeEeprom(
  { input, settings, to, signature }: EepromStep,
  { folder, artifacts, places }: Build,
): Promise<void> {
  const image = await readFile(await fetchInput(input, places));
  const content = await readFile(join(artifacts, settings));
  const edited = replaceEepromFile(image, { name: 'bootconf.txt', content });
  const sha256 = createHash('sha256').update(edited).digest('hex');
  await writeFile(join(folder, to), edited);
  await writeFile(join(folder, signature), signatureText(sha256, SOURCE_DATE));
}
