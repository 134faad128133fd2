// Brings U-Boots into the folder of a build, out of the cache or freshly compiled.
import { cp } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { buildUBoots } from '../u-boot/build.ts';
import type { Build } from './build.ts';
import type { UBootStep } from './step.ts';

export async function copyUBoots({ names, isDebug, to }: UBootStep, build: Build): Promise<void> {
  const folders = await buildUBoots(names, {
    root: dirname(build.artifacts),
    places: build.places,
    isDebug,
  });
  for (const name of names) {
    await cp(folders[name], join(build.folder, to, name), { recursive: true });
  }
}
