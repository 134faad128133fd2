/** An OCI layout whose image is another one with one more layer. */
import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { cp, link, mkdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import type { Archive } from './large-layers.ts';

type Descriptor = { readonly mediaType: string; readonly digest: string; readonly size: number };
type Index = { readonly manifests: readonly Descriptor[] };
type Manifest = { readonly config: Descriptor; readonly layers: readonly Descriptor[] };
type Config = { readonly rootfs: { readonly diff_ids: readonly string[] } };

const GZIP = 'application/vnd.oci.image.layer.v1.tar+gzip';
const SHA256 = 'blobs/sha256';

/**
 * @param layout with images of which the first one is taken
 * @param target a folder that is not there, on the same file system
 */
export async function addLayer(
  layout: string,
  { target, archive }: { readonly target: string; readonly archive: Archive },
): Promise<void> {
  await mkdir(join(target, SHA256), { recursive: true });
  await cp(join(layout, 'oci-layout'), join(target, 'oci-layout'));
  const index = await readJson<Index>(join(layout, 'index.json'));
  const [first] = index.manifests;
  if (first === undefined) throw new Error(`${layout} has no image`);
  const manifest = await readJson<Manifest>(blob(layout, first.digest));
  const config = await readJson<Config>(blob(layout, manifest.config.digest));
  for (const { digest } of manifest.layers) await link(blob(layout, digest), blob(target, digest));
  const { layer, diffId } = await writeLayer(archive, target);
  const rootfs = { ...config.rootfs, diff_ids: [...config.rootfs.diff_ids, diffId] };
  const { history: _, ...rest } = config as Config & { readonly history?: unknown };
  const newConfig = await writeJson({ ...rest, rootfs }, target);
  const newManifest = await writeJson(
    {
      ...manifest,
      config: { ...manifest.config, ...newConfig },
      layers: [...manifest.layers, layer],
    },
    target,
  );
  const manifests = [{ ...first, ...newManifest }];
  await writeFile(join(target, 'index.json'), JSON.stringify({ ...index, manifests }));
}

async function writeLayer(
  archive: Archive,
  target: string,
): Promise<{ readonly layer: Descriptor; readonly diffId: string }> {
  const path = join(target, 'layer');
  const hash = createHash('sha256');
  const hashed = function* () {
    for (const piece of archive()) {
      hash.update(piece);
      yield piece;
    }
  };
  await pipeline(Readable.from(hashed()), createGzip({ level: 1 }), createWriteStream(path));
  const sent = createHash('sha256');
  await pipeline(createReadStream(path), sent);
  const digest = `sha256:${sent.digest('hex')}`;
  const { size } = await stat(path);
  await rename(path, blob(target, digest));
  return {
    layer: { mediaType: GZIP, digest, size },
    diffId: `sha256:${hash.digest('hex')}`,
  };
}

async function writeJson(content: unknown, target: string) {
  const bytes = Buffer.from(JSON.stringify(content));
  const digest = `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
  await writeFile(blob(target, digest), bytes);
  return { digest, size: bytes.length };
}

async function readJson<Content>(path: string): Promise<Content> {
  return JSON.parse(await readFile(path, 'utf8')) as Content;
}

function blob(layout: string, digest: string): string {
  return join(layout, SHA256, digest.replace('sha256:', ''));
}
