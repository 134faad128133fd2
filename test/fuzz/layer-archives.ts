/**
 * Damaged layers into the reader: each makes a tree or is refused by ImageError or TarError, whatever pieces its bytes come
 * in; nothing else ever comes out. `layer-trees.ts` compares the trees with those of umoci.
 */
import { ImageError } from '../../agent/errors.ts';
import type { LayerEntry } from '../../agent/images/content/layers/layer-entry.ts';
import { LayerRules } from '../../agent/images/content/layers/layer-rules.ts';
import { ByteSource } from '../../agent/images/content/layers/tar/byte-source.ts';
import { TarError } from '../../agent/images/content/layers/tar/tar-error.ts';
import { readTar } from '../../agent/images/content/layers/tar/tar-reader.ts';
import { applyLayer } from '../../agent/images/content/tree/apply-layer.ts';
import { emptyFolder, walk } from '../../agent/images/content/tree/image-tree.ts';
import { randomNumbers } from '../../lab/random-numbers.ts';
import { inPieces } from '../support/images/layers/by-ours.ts';
import { CORPUS } from '../support/images/layers/corpus.ts';
import { mutateTar } from '../support/images/layers/mutate-tar.ts';
import { FuzzFault, type FuzzTarget } from './target.ts';

/** Larger archives tell nothing more, and cost time. */
const LARGEST = 40_000;
const LIMITS = { maxFiles: 1000, maxBytes: 2 ** 24, bytesReason: 'as the fuzzing says' };

/** One of `rounds` is one image with a damaged layer. */
export const fuzzLayerArchives: FuzzTarget = async ({ rounds, seed, alive }) => {
  const next = damagedImages(seed);
  let read = 0;
  for (let round = 0; round < rounds; round += 1) {
    const layers = next();
    const outcome = await outcomeOf(layers, 60_000).catch((thrown: unknown) => {
      throw new FuzzFault(round, Buffer.concat(layers), thrown);
    });
    if (!outcome.startsWith('refused')) read += 1;
    if (round % 50 === 0 && (await outcomeOf(layers, 100)) !== outcome) {
      throw new FuzzFault(round, Buffer.concat(layers), `in pieces it is not: ${outcome}`);
    }
    if (round % 1000 === 0) alive(round);
  }
  return { images: rounds, read, refused: rounds - read };
};

/** Images of the corpus, one layer of each damaged. The same ones for the same seed. */
export function damagedImages(seed: number): () => readonly Buffer[] {
  const random = randomNumbers(seed);
  const samples = CORPUS.map(({ layers }) => layers.map(({ archive }) => archive)).filter(
    (layers) => Buffer.concat(layers).length < LARGEST,
  );
  const one = () => samples[Math.floor(random() * samples.length)] ?? [];
  return () => {
    const layers = one();
    const damaged = Math.floor(random() * layers.length);
    return layers.map((layer, index) =>
      index === damaged ? mutateTar(layer, { random, other: one()[0] ?? layer }) : layer,
    );
  };
}

/** What becomes of an image, in words. @throws whatever is no refusal */
async function outcomeOf(layers: readonly Buffer[], pieceLength: number): Promise<string> {
  const root = emptyFolder();
  const rules = new LayerRules(LIMITS, { files: 0, bytes: 0 });
  try {
    for (const [index, layer] of layers.entries()) {
      applyLayer(root, await entriesOf(layer, { rules, pieceLength }), index);
    }
  } catch (thrown) {
    if (thrown instanceof ImageError || thrown instanceof TarError) return `refused ${thrown}`;
    throw thrown;
  }
  return JSON.stringify(
    [...walk(root)].map(([path, { kind, attributes }]) => [path, kind, attributes]),
  );
}

async function entriesOf(
  layer: Buffer,
  { rules, pieceLength }: { readonly rules: LayerRules; readonly pieceLength: number },
): Promise<LayerEntry[]> {
  const entries: LayerEntry[] = [];
  let kept = 0;
  await readTar(new ByteSource(inPieces(layer, pieceLength)), {
    keep: (bytes) => {
      kept += bytes.length;
    },
    enter: (entry) => {
      entries.push({ ...rules.see(entry), offset: 0 });
    },
    content: async (source, { length }) => {
      for (let missing = length; missing > 0; ) {
        const part = await source.takeSome(missing);
        if (part === undefined) throw new TarError('it ends too early');
        missing -= part.length;
        kept += part.length;
      }
    },
  });
  if (kept !== layer.length) throw new Error(`${kept} of ${layer.length} bytes were kept`);
  return entries;
}
