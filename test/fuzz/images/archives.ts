/**
 * Damaged archives of images, of all forms, into what opens them: lists within them are changed as JSON, and the tar around as
 * tar. Each gives an image whose parts lie inside the file, or is refused with a sentence of our own.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ImageError, WaltError } from '../../../agent/errors.ts';
import { describeImage } from '../../../agent/images/content/described.ts';
import { isImageName } from '../../../agent/images/content/image.ts';
import { TarError } from '../../../agent/images/content/layers/tar/tar-error.ts';
import { namesInArchive, openArchive } from '../../../agent/images/sources/archive/open-archive.ts';
import { randomNumbers } from '../../../lab/random-numbers.ts';
import {
  docker20,
  docker25,
  json,
  layout,
  ociImage,
  podman,
  saved,
} from '../../support/archives/saved.ts';
import { mutateTar } from '../../support/images/layers/mutate-tar.ts';
import { type Entry, tar } from '../../support/images/tar.ts';
import { FuzzFault, type FuzzTarget } from '../target.ts';
import { mutateJson } from './mutate-json.ts';

type Random = () => number;

const LAYERS = [tar([{ path: 'a', content: 'a' }]), tar([{ path: 'b', content: 'b' }])];
const PC = saved({ layers: LAYERS });
const PI = saved({
  ...{ layers: LAYERS.slice(1), names: ['docker.io/library/pi:v2'], models: 'rpi-4-b' },
  platform: { architecture: 'arm64', variant: 'v8' },
});
const OCI = [PC, PI].map((image) => ociImage(image));
const LAYER_NAMES = LAYERS.map((_, index) => `${index}.tar`);
/** Its configuration has no digest for a name, so a damaged one is read as well. */
const BARE: readonly Entry[] = [
  { path: 'config.json', content: PC.config },
  ...LAYERS.map((content, index) => ({ path: `${index}.tar`, content })),
  {
    path: 'manifest.json',
    content: json([{ Config: 'config.json', RepoTags: ['alice/web:v1'], Layers: LAYER_NAMES }]),
  },
];
const CORPUS: readonly (readonly Entry[])[] = [
  ...[docker20([PC]), docker20([PC, PI]), podman([PC, PI]), docker25([PC, PI])],
  ...[docker25([PC], { annotations: 'tag' }), docker25([PC, PI], { annotations: 'none' }), BARE],
  layout(
    OCI.flatMap(({ blobs }) => blobs),
    OCI.map(({ entry }) => entry),
  ),
];

/** One of `rounds` is one archive. */
export const fuzzImageArchives: FuzzTarget = async ({ rounds, seed, alive }) => {
  const random = randomNumbers(seed);
  const folder = await mkdtemp(join(tmpdir(), 'walt-fuzz-'));
  const path = join(folder, 'image.tar');
  const counts = { images: 0, refused: 0 };
  try {
    for (let round = 0; round < rounds; round += 1) {
      const archive = damagedArchive(random);
      await writeFile(path, archive);
      await open(path, { work: folder, length: archive.length }).then(
        () => {
          counts.images += 1;
        },
        (thrown: unknown) => {
          if (!isRefusal(thrown)) throw new FuzzFault(round, archive, causeOf(thrown));
          counts.refused += 1;
        },
      );
      if (round % 100 === 0) alive(round);
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  return counts;
};

function damagedArchive(random: Random): Buffer {
  const one = () => CORPUS[Math.floor(random() * CORPUS.length)] ?? [];
  const entries = one().map((entry) => {
    const isList = /json$/.test(entry.path) && entry.content !== undefined;
    if (!isList || random() < 0.4) return entry;
    const text = Buffer.from(entry.content ?? '').toString();
    return { ...entry, content: mutateJson(JSON.parse(text), random) };
  });
  const archive = tar(entries);
  return random() < 0.3 ? mutateTar(archive, { random, other: tar(one()) }) : archive;
}

async function open(
  path: string,
  { work, length }: { readonly work: string; readonly length: number },
): Promise<void> {
  const names = await namesInArchive(path, work);
  if (!names.every(isImageName)) throw new Error(`names: ${JSON.stringify(names)}`);
  const { source, name = 'a/b:c' } = await openArchive(path, { work });
  if (!isImageName(name)) throw new Error(`name: ${name}`);
  const { layers } = describeImage(source.manifest, source.config);
  for (const { descriptor } of layers) {
    const place = await source.placeOf(descriptor);
    const isInside = place.kind === 'file' && place.offset >= 0 && place.length >= 0;
    if (isInside && place.path === path && place.offset + place.length <= length) continue;
    throw new Error(`a part that is elsewhere: ${JSON.stringify(place)}`);
  }
}

/** A sentence of ours that has no fault of ours behind it, and is one line of plain text. */
function isRefusal(thrown: unknown): boolean {
  const cause = causeOf(thrown);
  if (thrown instanceof Error && /\p{Cc}/u.test(thrown.message)) return false;
  return cause instanceof WaltError || cause instanceof TarError;
}

function causeOf(thrown: unknown): unknown {
  return thrown instanceof ImageError ? (thrown.cause ?? thrown) : thrown;
}
