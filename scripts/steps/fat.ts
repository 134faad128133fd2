// Makes a FAT partition without root or loop devices: boot loaders and firmware of all kinds read it, and so do people.
import { truncate, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Build } from './build.ts';
import { SOURCE_DATE } from './source-date.ts';
import type { FatStep } from './step.ts';

export async function writeFat(step: FatStep, { folder, $ }: Build): Promise<void> {
  const image = join(folder, step.to);
  await writeFile(image, '');
  await truncate(image, step.mebibytes * 1024 * 1024);
  // FAT32 counts its clusters: with larger ones it would need a larger partition.
  const type = step.kind === 'fat16' ? ['-F', 16, '-s', 4] : ['-F', 32, '-s', 1];
  const id = step.id.toString(16).padStart(8, '0');
  // The geometry that BIOSes assume for a USB disk, and the sectors before the partition, which the boot code adds.
  await $`mkfs.fat --invariant ${type.map(String)} -g 255/63 -h ${step.firstSector} -D 0x80 -n ${step.label} -i ${id} ${image}`;
  for (const path of foldersOf(step.files)) await $`mmd -i ${image} ${`::/${path}`}`;
  for (const path of step.files) {
    const file = join(folder, step.tree, path);
    await utimes(file, SOURCE_DATE, SOURCE_DATE);
    await $`mcopy -m -i ${image} ${file} ${`::/${path}`}`;
  }
}

/** All folders that the files need, parents first. */
export function foldersOf(files: readonly string[]): string[] {
  const folders = new Set<string>();
  const add = (path: string): void => {
    const parent = dirname(path);
    if (parent === '.') return;
    add(parent);
    folders.add(parent);
  };
  files.forEach(add);
  return [...folders];
}
