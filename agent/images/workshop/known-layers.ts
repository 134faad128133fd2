// Buildah keeps layers unpacked, and packs all of them again for a new image: other bytes, other digests. What the image had
// before is called by its old name again, by what it holds (diff ID): who has such a layer already needs no other.
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Descriptor, Manifest } from '../content/descriptor.ts';
import { digestOf } from '../content/digest.ts';

type Index = { readonly manifests: readonly Descriptor[] };
type Config = { readonly rootfs?: { readonly diff_ids?: readonly string[] } };

/** Layers of images as they came, by what they hold. */
export type KnownLayers = ReadonlyMap<string, Descriptor>;

const REF_NAME = 'org.opencontainers.image.ref.name';

/** Lets the manifest of a layout's image name the known layers as they came. Their content is not in the layout then. */
export async function nameKnownLayers(
  { layout, tag }: { readonly layout: string; readonly tag: string },
  known: KnownLayers,
): Promise<void> {
  const { manifest, diffIds, index, descriptor } = await readImage(layout, tag);
  const layers = manifest.layers.map((layer, at) => known.get(diffIds[at] ?? '') ?? layer);
  const bytes = Buffer.from(JSON.stringify({ ...manifest, layers }));
  const digest = digestOf(bytes);
  await writeFile(blobPath(layout, digest), bytes);
  const changed = { ...descriptor, digest, size: bytes.length };
  const manifests = index.manifests.map((one) => (one === descriptor ? changed : one));
  await writeFile(join(layout, 'index.json'), JSON.stringify({ ...index, manifests }));
}

async function readImage(layout: string, tag: string) {
  const index = await readJson<Index>(join(layout, 'index.json'));
  const descriptor = index.manifests.find(({ annotations }) => annotations?.[REF_NAME] === tag);
  if (descriptor === undefined) throw new Error(`Cannot find image ${tag} in layout ${layout}`);
  const manifest = await readJson<Manifest>(blobPath(layout, descriptor.digest));
  const config = await readJson<Config>(blobPath(layout, manifest.config.digest));
  return { index, descriptor, manifest, diffIds: config.rootfs?.diff_ids ?? [] };
}

function blobPath(layout: string, digest: string): string {
  return join(layout, 'blobs', ...digest.split(':'));
}

async function readJson<Content>(path: string): Promise<Content> {
  return JSON.parse(await readFile(path, 'utf8')) as Content;
}
