/** How much memory the program that unpacks images takes for very many files, and for a very large layer. */
import { rm, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import type { Lab } from '../../../lab/lab.ts';
import { seconds } from '../../harness/seconds.ts';
import { plainTable } from '../../harness/table.ts';
import { addLayer } from '../memory/add-layer.ts';
import { type Archive, manyFiles, zeros } from '../memory/large-layers.ts';
import { peakOfUnpacker } from '../memory/peak.ts';
import { layoutFolder, OWNER } from '../registry.ts';
import type { Bench, Part } from './part.ts';

const MOST_MEGABYTES = 200;
const NAME = 'large';
const FILES = 100_000;
/** Of 4 GiB each; only one where the disk has less room than twice the layer. */
const LARGE_FILES = 5;
const WANTED_FREE = 45e9;

type Case = { readonly title: string; readonly archive: Archive };

export const memory: Part = {
  name: 'memory',
  async measure({ lab }: Bench) {
    const count = (await freeBytes(lab.folder)) < WANTED_FREE ? 1 : LARGE_FILES;
    const cases: readonly Case[] = [
      { title: 'the default image alone', archive: () => manyFiles(0) },
      { title: '100,000 files more', archive: () => manyFiles(FILES) },
      { title: `a layer of ${count * 4} GiB`, archive: () => zeros(count) },
    ];
    const rows: string[][] = [];
    for (const one of cases) rows.push(await measure(one, lab));
    return plainTable(['memory of the unpacker', 'most', 'aim', 'met', 'took'], rows);
  },
};

async function measure({ title, archive }: Case, lab: Lab): Promise<string[]> {
  const target = join(lab.folder, 'large');
  await addLayer(layoutFolder(lab), { target, archive });
  let took = 0;
  const peak = await peakOfUnpacker(lab.namespace, async () => {
    took = await seconds(() => lab.walt('image', 'import', target, '--name', `${OWNER}/${NAME}`));
  });
  await rm(target, { recursive: true });
  await lab.walt('image', 'remove', NAME);
  await lab.walt('image', 'gc');
  const megabytes = (peak * 1024) / 1e6;
  const isMet = megabytes <= MOST_MEGABYTES;
  const aim = `≤ ${MOST_MEGABYTES} MB`;
  const cells = [title, `${megabytes.toFixed(0)} MB`, aim, isMet ? 'yes' : 'no'];
  console.error(JSON.stringify(cells));
  return [...cells, `${took.toFixed(0)} s`];
}

async function freeBytes(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}
