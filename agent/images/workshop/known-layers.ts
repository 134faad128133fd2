// Buildah keeps layers unpacked, and packs all of them again for a new image: other bytes, other digests. What the
// image had before is put back by what it holds (diff ID), so that layers are kept, sent and fetched once.
import { createHash } from 'node:crypto';
import { link, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Descriptor, Manifest } from '../content/blobs.ts';

type Index = { readonly manifests: readonly Descriptor[] };
type Config = { readonly rootfs?: { readonly diff_ids?: readonly string[] } };
type Known = { readonly layer: Descriptor; readonly layout: string };

const REF_NAME = 'org.opencontainers.image.ref.name';

/** Layers of an image, each under the digest of what it holds. */
export async function layersOf(layout: string, tag: string): Promise<Map<string, Known>> {
  const { manifest, diffIds } = await readImage(layout, tag);
  return new Map(
    manifest.layers.flatMap((layer, index) => {
      const diffId = diffIds[index];
      return diffId === undefined ? [] : [[diffId, { layer, layout }] as const];
    }),
  );
}

/** Lets the image of a layout have the known layers instead of copies of them. */
export async function useKnownLayers(
  { layout, tag }: { readonly layout: string; readonly tag: string },
  known: ReadonlyMap<string, Known>,
): Promise<void> {
  const { manifest, diffIds, index, descriptor } = await readImage(layout, tag);
  const layers: Descriptor[] = [];
  for (const [position, layer] of manifest.layers.entries()) {
    const original = known.get(diffIds[position] ?? '');
    if (original !== undefined) await linkBlob(original, layout);
    layers.push(original?.layer ?? layer);
  }
  const bytes = Buffer.from(JSON.stringify({ ...manifest, layers }));
  const digest = `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
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

async function linkBlob({ layer, layout: from }: Known, to: string): Promise<void> {
  const [source, target] = [blobPath(from, layer.digest), blobPath(to, layer.digest)];
  await link(source, target).catch((thrown: NodeJS.ErrnoException) => {
    if (thrown.code !== 'EEXIST') throw thrown;
  });
}

function blobPath(layout: string, digest: string): string {
  return join(layout, 'blobs', ...digest.split(':'));
}

async function readJson<Content>(path: string): Promise<Content> {
  return JSON.parse(await readFile(path, 'utf8')) as Content;
}
