/**
 * Damaged indexes, manifests and configurations, whose digests fit what they have become: each makes an image whose parts
 * are what they say, or is refused with a sentence of our own.
 */
import { WaltError } from '../../../agent/errors.ts';
import { modelsOf } from '../../../agent/images/content/check/check.ts';
import { type DescribedImage, describeImage } from '../../../agent/images/content/described.ts';
import type { Descriptor } from '../../../agent/images/content/descriptor.ts';
import { digestOf } from '../../../agent/images/content/digest.ts';
import {
  type ImageParts,
  resolveImage,
} from '../../../agent/images/sources/choice/resolve-image.ts';
import { randomNumbers } from '../../../lab/random-numbers.ts';
import { FuzzFault, type FuzzTarget } from '../target.ts';
import { mutateJson } from './mutate-json.ts';

type Random = () => number;

const INDEX = 'application/vnd.oci.image.index.v1+json';
const DIGEST = /^sha(256:[0-9a-f]{64}|512:[0-9a-f]{128})$/;
const LAYER = { digest: digestOf(Buffer.from('a layer')), size: 7 };
/** Platforms as indexes have them, with what their images run on. */
const CORPUS = [
  { platform: { os: 'linux', architecture: 'amd64' }, models: 'pc-x86-64' },
  { platform: { os: 'linux', architecture: 'arm', variant: 'v7' }, models: 'rpi-2-b, rpi-3-b' },
  { platform: { os: 'linux', architecture: 'arm64', variant: 'v8' }, models: 'rpi-4-b' },
  { platform: { os: 'windows', architecture: 'amd64' }, models: '' },
  { platform: undefined, models: 'pc-x86-32' },
] as const;
const MODELS = [undefined, 'pc-x86-64', 'rpi-4-b', 'rpi-b', 'made-up'];

/** One of `rounds` is one image, or one list of images. */
export const fuzzImageDocuments: FuzzTarget = async ({ rounds, seed, alive }) => {
  const random = randomNumbers(seed);
  const counts = { images: 0, refused: 0 };
  for (let round = 0; round < rounds; round += 1) {
    const { top, parts, documents } = makeDocuments(random);
    const model = MODELS[Math.floor(random() * MODELS.length)];
    const wanted = model === undefined ? {} : { model };
    try {
      const { manifest, config } = await resolveImage(top, { parts, wanted });
      requireSound(describeImage(manifest, config));
      counts.images += 1;
    } catch (thrown) {
      if (!(thrown instanceof WaltError)) {
        throw new FuzzFault(round, Buffer.concat([top, ...documents.values()]), thrown);
      }
      counts.refused += 1;
    }
    if (round % 1000 === 0) alive(round);
  }
  return counts;
};

/** A list of some images of the corpus, which may be within a list; each document may be damaged. */
function makeDocuments(random: Random) {
  const documents = new Map<string, Buffer>();
  const put = (value: unknown): Descriptor => {
    const isDamaged = random() < 0.3;
    const bytes = isDamaged ? mutateJson(value, random) : Buffer.from(JSON.stringify(value));
    const digest = digestOf(bytes);
    documents.set(digest, bytes);
    return { digest, size: bytes.length };
  };
  const images = CORPUS.filter(() => random() < 0.5).map(({ platform, models }) => {
    const labels = { 'walt.node.models': models, other: 'x' };
    const config = put({
      ...{ ...platform, config: { Labels: labels } },
      rootfs: { type: 'layers', diff_ids: [LAYER.digest] },
    });
    const annotations = { 'org.opencontainers.image.ref.name': 'alice/web:v1' };
    const manifest = put({ schemaVersion: 2, config, layers: [LAYER] });
    return { ...manifest, annotations, ...(platform === undefined ? {} : { platform }) };
  });
  const [first] = images;
  const isList = random() < 0.8 || first === undefined;
  const within = { mediaType: INDEX, ...put({ schemaVersion: 2, manifests: images }) };
  const list = random() < 0.3 ? { schemaVersion: 2, manifests: [within, ...images] } : undefined;
  const outer = list === undefined ? within : put(list);
  const top = documents.get((isList ? outer : first).digest) ?? Buffer.alloc(0);
  const find = async ({ digest }: Descriptor) => documents.get(digest) ?? Buffer.from('gone');
  const parts: ImageParts = {
    ...{ shown: 'here', readManifest: find, readConfig: find },
    placeOf: async () => ({ kind: 'file', path: '/', offset: 0, length: 0 }),
  };
  return { documents, top, parts };
}

/** What the rest of the server takes for granted. */
function requireSound({ digest, config, labels, architecture, layers }: DescribedImage): void {
  const digests = [digest, config.digest, ...layers.flatMap((layer) => layer.diffId)];
  const parts = layers.map(({ descriptor }) => descriptor);
  const isSound =
    [...digests, ...parts.map((part) => part.digest)].every(isDigest) &&
    [config, ...parts].every(({ size }) => Number.isSafeInteger(size) && size >= 0) &&
    Object.values(labels).every((label) => typeof label === 'string') &&
    typeof architecture === 'string' &&
    modelsOf(labels).every((model) => typeof model === 'string');
  if (!isSound) throw new Error(`unsound: ${JSON.stringify({ digests, labels, architecture })}`);
}

function isDigest(value: unknown): boolean {
  return typeof value === 'string' && DIGEST.test(value);
}
