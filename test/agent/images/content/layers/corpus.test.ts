// Odd layers: our program and umoci make the same tree of them, or ours refuses. What ours makes is the same again as an
// archive, as EROFS and as a folder.
import { createHash } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { archiveOf } from '../../../../../agent/images/content/layers/layer-archive.ts';
import { whyNotMountable } from '../../../../../agent/images/content/roots/mounts.ts';
import { digestOf, type OurTree, treeByOurs } from '../../../../support/images/layers/by-ours.ts';
import { treeByTar } from '../../../../support/images/layers/by-tar.ts';
import { type TreeByUmoci, treeByUmoci } from '../../../../support/images/layers/by-umoci.ts';
import { CORPUS } from '../../../../support/images/layers/corpus.ts';
import type { LayerCase } from '../../../../support/images/layers/layer-case.ts';
import { type Listing, withTimesOf } from '../../../../support/images/layers/listing.ts';
import { listErofs, listPlain, withOwnTimes } from '../../../../support/images/layers/roots.ts';
import { temporaryFolder } from '../../../../support/temporary-folder.ts';

/** Why EROFS cannot be mounted here, if it cannot. A trial takes as long as a case: one for all. */
let reason: Promise<string | undefined> | undefined;

type Made = Extract<OurTree, { kind: 'made' }>;

const comparedWithOthers = test.macro({
  title: (_given, { title }: LayerCase) => `layers are read as umoci reads them: ${title}`,
  async exec(t, { layers, outcome }: LayerCase) {
    const folder = await temporaryFolder(t);
    const ours = await treeByOurs(layers, { folder: await made(folder, 'ours') });
    const archives = layers.map(({ archive }) => archive);
    const other =
      outcome.is === 'as tar'
        ? await treeByTar(archives[0] ?? Buffer.alloc(0), await made(folder, 'other'))
        : await treeByUmoci(archives, await made(folder, 'other'));
    if (outcome.is === 'refused') {
      t.is(ours.kind, 'refused');
      if (ours.kind === 'refused') t.regex(ours.reason, outcome.says);
      t.is(other.kind, outcome.umoci === 'refuses' ? 'refused' : 'made');
      return;
    }
    if (ours.kind === 'refused') {
      t.fail(ours.reason);
      return;
    }
    if (outcome.is === 'ours') differ(t, { ours, other, names: outcome.names });
    else alike(t, ours.listing, other);
    await asItCame(t, ours, layers);
    await inBothForms(t, ours, folder);
  },
});

function alike(t: ExecutionContext, ours: Listing, other: TreeByUmoci): void {
  if (other.kind === 'refused') {
    t.fail(other.reason);
    return;
  }
  t.deepEqual(withTimesOf(ours, other.listing), withTimesOf(other.listing, ours));
}

type Differing = {
  readonly ours: Made;
  readonly other: TreeByUmoci;
  readonly names: readonly string[];
};

function differ(t: ExecutionContext, { ours: { listing }, other, names }: Differing): void {
  t.deepEqual(
    Object.keys(listing).filter((path) => path !== '.'),
    [...names],
  );
  if (other.kind === 'refused') return;
  t.notDeepEqual(withTimesOf(listing, other.listing), withTimesOf(other.listing, listing));
}

async function asItCame(
  t: ExecutionContext,
  { folders }: Made,
  layers: LayerCase['layers'],
): Promise<void> {
  for (const [index, { archive }] of layers.entries()) {
    const hash = createHash('sha256');
    for await (const piece of archiveOf(folders[index] ?? '')) hash.update(piece);
    t.is(`sha256:${hash.digest('hex')}`, digestOf(archive));
  }
}

async function inBothForms(t: ExecutionContext, ours: Made, folder: string): Promise<void> {
  const listing = withOwnTimes(ours.listing);
  t.deepEqual(await listPlain(ours, folder), listing, 'as a folder');
  reason ??= whyNotMountable(folder);
  const against = await reason;
  if (against === undefined) t.deepEqual(await listErofs(ours, folder), listing, 'as EROFS');
  else t.log(`not compared as EROFS: ${against}`);
}

async function made(folder: string, name: string): Promise<string> {
  const path = join(folder, name);
  await mkdir(path);
  return path;
}

for (const each of CORPUS) test.serial(comparedWithOthers, each);
