/** Damaged layers that our program takes: umoci makes the same tree of them. */
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { treeByOurs } from '../support/images/layers/by-ours.ts';
import { treeByUmoci } from '../support/images/layers/by-umoci.ts';
import { type Listed, type Listing, withTimesOf } from '../support/images/layers/listing.ts';
import { damagedImages } from './layer-archives.ts';
import { FuzzFault, type FuzzTarget } from './target.ts';

const LIMITS = { maxFiles: 1000, maxBytes: 2 ** 24, bytesReason: 'as the fuzzing says' };
/** Types that umoci does not know, files of layers below, which it does not replace by folders, and attributes of links. */
const ONLY_OURS =
  /unknown typeflag '\\x(37|53|67)'|not a directory|restore xattr metadata: .* not permitted/;

/** One of `rounds` is one image that both unpack. Needs root. */
export const fuzzLayerTrees: FuzzTarget = async ({ rounds, seed, alive }) => {
  const next = damagedImages(seed);
  const seen = { images: 0, compared: 0, refused: 0, onlyOurs: 0 };
  while (seen.compared < rounds) {
    const layers = next();
    const outcome = await compare(layers).catch((thrown: unknown) => {
      throw new FuzzFault(seen.images, Buffer.concat(layers), thrown);
    });
    seen.images += 1;
    seen[outcome] += 1;
    alive(seen.images);
  }
  return seen;
};

async function compare(layers: readonly Buffer[]): Promise<'compared' | 'refused' | 'onlyOurs'> {
  const folder = await mkdtemp(join(tmpdir(), 'walt-fuzz-'));
  try {
    const [own, other] = [join(folder, 'ours'), join(folder, 'umoci')];
    await mkdir(own);
    await mkdir(other);
    const images = layers.map((archive) => ({ archive }));
    const ours = await treeByOurs(images, { folder: own, limits: LIMITS });
    if (ours.kind === 'refused') return 'refused';
    const umoci = await treeByUmoci(layers, other);
    if (umoci.kind === 'made') {
      const isLinked = ours.indexes.some(({ entries }) =>
        entries.some(({ kind }) => kind === 'hard-link'),
      );
      requireSame(comparable(ours.listing, isLinked), comparable(umoci.listing, isLinked));
      return 'compared';
    }
    if (ONLY_OURS.test(umoci.reason)) return 'onlyOurs';
    throw new Error(`umoci refuses it: ${umoci.reason}`);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function requireSame(ours: Listing, umoci: Listing): void {
  const [left, right] = [withTimesOf(ours, umoci), withTimesOf(umoci, ours)];
  for (const path of new Set([...Object.keys(left), ...Object.keys(right)])) {
    if (isDeepStrictEqual(left[path], right[path])) continue;
    const [one, other] = [JSON.stringify(left[path]), JSON.stringify(right[path])];
    throw new Error(`${JSON.stringify(path)}: ours ${one}, umoci ${other}`);
  }
}

/** Without that in which ours differs from umoci, each for a reason that the corpus tells. */
function comparable(listing: Listing, isLinked: boolean): Listing {
  const entries = Object.entries(listing);
  return Object.fromEntries(
    entries.map(([path, listed]) => [path, isLinked ? withoutAttributes(listed) : plain(listed)]),
  );
}

function withoutAttributes({ mode, owner, mtime, xattrs, ...rest }: Listed): Listed {
  return { ...rest, owner: 'what was said last' };
}

/** umoci changes the time of a folder when a folder without an entry is made in it. */
function plain({ xattrs = {}, mtime, ...rest }: Listed): Listed {
  const kept = Object.entries(xattrs).filter(([name, value]) => value !== '' && name !== 'user.a');
  const time = rest.kind === 'folder' || mtime === undefined ? {} : { mtime };
  return { ...rest, ...time, ...(kept.length > 0 ? { xattrs: Object.fromEntries(kept) } : {}) };
}
