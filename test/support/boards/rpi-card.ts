/** The card for Raspberry Pis as it ships: built, and its files on a FAT32 image as a user would copy them. */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fetchInput, placesOf } from '../../../scripts/inputs/fetch.ts';
import { fileName } from '../../../scripts/inputs/input.ts';
import { inputs } from '../../../scripts/inputs/sources.ts';
import { buildMedium } from '../../../scripts/media/build.ts';
import type { MediaOption } from '../../../scripts/media/medium.ts';
import { rpi } from '../../../scripts/media/rpi.ts';
import { $ } from '../../../scripts/run.ts';
import type { Plan } from '../../../scripts/steps/plan.ts';

export const ROOT = join(import.meta.dirname, '../../..');

const places = placesOf(process.env, ROOT);

/** Whether the vendor's files are in the cache or a mirror folder: their origin may be out of reach of a test. */
export const hasEeprom = [inputs.eeprom, inputs.eepromRecovery, inputs.eepromLicence].every(
  (input) =>
    existsSync(join(places.cache, 'inputs', input.sha256, fileName(input))) ||
    (places.mirror !== undefined && existsSync(join(places.mirror, fileName(input)))),
);

export type Card = { readonly archive: string; readonly image: string };

/** Builds archive and card image into the folder; without the EEPROM's files where these cannot be had. */
export async function buildCard(to: string): Promise<Card> {
  if (hasEeprom) return buildBoth(to, { files: rpi.plan(), asked: [] });
  return buildBoth(to, { files: variantPlan('without-eeprom'), asked: ['without-eeprom'] });
}

/** The same with the U-Boots for people who look for a fault. The EEPROM's files have to be at hand. */
export async function buildDebugCard(to: string): Promise<Card> {
  return buildBoth(to, { files: variantPlan('debug'), asked: ['debug'] });
}

async function buildBoth(
  to: string,
  { files, asked }: { readonly files: Plan; readonly asked: readonly MediaOption[] },
): Promise<Card> {
  const options = { root: ROOT, places, to, path: process.env.PATH ?? '' };
  return {
    archive: (await buildMedium(files, options)).file,
    image: (await buildMedium(variantPlan('image', asked), options)).file,
  };
}

function variantPlan(option: MediaOption, asked: readonly MediaOption[] = []): Plan {
  const variant = rpi.variants?.find((candidate) => candidate.option === option);
  if (variant) return variant.plan(asked);
  throw new Error(`The medium rpi has lost its variant ${option}`);
}

/** The archive's files on an empty FAT32 card, written by mtools. */
export async function cardFrom(archive: string, folder: string): Promise<string> {
  const files = join(folder, 'unpacked');
  const card = join(folder, 'card.fat');
  await mkdir(files);
  await $`tar xzf ${archive} -C ${files}`;
  await writeFile(card, '');
  await truncate(card, 64 * 1024 * 1024);
  await $`mkfs.fat -F 32 -s 1 ${card}`;
  const entries = await readdir(files);
  await $`mcopy -s -i ${card} ${entries.map((name) => join(files, name))} ::`;
  return card;
}

export async function sha256Of(path: string): Promise<string> {
  return createHash('sha256')
    .update(await readFile(path))
    .digest('hex');
}

/** The vendor's own EEPROM image. */
export async function vendorEeprom(): Promise<Buffer> {
  return readFile(await fetchInput(inputs.eeprom, places));
}
