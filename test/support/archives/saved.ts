// Archives of images byte by byte, in the forms in which programs write them.
//
// Docker 20: <layer>/{VERSION,json,layer.tar}, <config>.json, manifest.json, repositories. A layer that is there twice is a link
//   in the second folder to `../<layer>/layer.tar`.
// Docker 25: blobs/sha256/<hex>, index.json, manifest.json, oci-layout, repositories.
// podman:    <layer>.tar, <config>.json, <other>/{VERSION,json,layer.tar}, layer.tar a link to `../<layer>.tar`; manifest.json.
import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { BOOTABLE, type Entry, tar } from '../images/tar.ts';

/** An image that is to be put into an archive; layers are tars, lowest first. */
export type Saved = {
  readonly names: readonly string[];
  readonly layers: readonly Uint8Array[];
  readonly config: Buffer;
};

const VERSION = '1.0';
const MANIFEST = 'application/vnd.oci.image.manifest.v1+json';
export const INDEX = 'application/vnd.oci.image.index.v1+json';

export const hexOf = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
export const json = (value: unknown) => Buffer.from(JSON.stringify(value));

type Made = {
  readonly names?: readonly string[];
  readonly layers?: readonly Uint8Array[];
  readonly models?: string;
  readonly platform?: { readonly architecture: string; readonly variant?: string };
};

/** An image that boots a PC, unless something else is said. */
export function saved({
  names = ['alice/web:v1'],
  layers = [tar(BOOTABLE)],
  models = 'pc-x86-64',
  platform = { architecture: 'amd64' },
}: Made = {}): Saved {
  const config = json({
    ...platform,
    os: 'linux',
    config: { Labels: { 'walt.node.models': models } },
    rootfs: { type: 'layers', diff_ids: layers.map((layer) => `sha256:${hexOf(layer)}`) },
  });
  return { names, layers, config };
}

const file = (path: string, content: string | Uint8Array): Entry => ({
  path,
  content,
  mode: 0o644,
});
const folder = (path: string): Entry => ({ path: `${path}/`, type: '5' });
const link = (path: string, target: string): Entry => ({ path, type: '2', target });

/** As `docker save` up to 24 writes it. */
export function docker20(images: readonly Saved[]): Entry[] {
  const list: object[] = [];
  const first = new Map<string, string>();
  const entries = images.flatMap(({ names, layers, config }) => {
    const paths: string[] = [];
    const own = layers.flatMap((layer, index) => {
      const id = hexOf(json([index, hexOf(config)]));
      const before = first.get(hexOf(layer));
      first.set(hexOf(layer), before ?? id);
      paths.push(`${id}/layer.tar`);
      const place = `${id}/layer.tar`;
      return [
        ...[folder(id), file(`${id}/VERSION`, VERSION), file(`${id}/json`, json({ id }))],
        before === undefined ? file(place, layer) : link(place, `../${before}/layer.tar`),
      ];
    });
    const name = `${hexOf(config)}.json`;
    list.push({ Config: name, RepoTags: names.length === 0 ? null : names, Layers: paths });
    return [...own, file(name, config)];
  });
  return [...entries, file('manifest.json', json(list)), file('repositories', json({}))];
}

/** As `podman save --format docker-archive` writes it. */
export function podman(images: readonly Saved[]): Entry[] {
  const list: object[] = [];
  const entries = images.flatMap(({ names, layers, config }) => {
    const own = layers.flatMap((layer, index) => {
      const id = hexOf(json([index, hexOf(config)]));
      return [
        file(`${hexOf(layer)}.tar`, layer),
        link(`${id}/layer.tar`, `../${hexOf(layer)}.tar`),
        ...[file(`${id}/VERSION`, VERSION), file(`${id}/json`, json({ id }))],
      ];
    });
    const Layers = layers.map((layer) => `${hexOf(layer)}.tar`);
    list.push({ Config: `${hexOf(config)}.json`, RepoTags: names, Layers });
    return [...own, file(`${hexOf(config)}.json`, config)];
  });
  return [...entries, file('repositories', json({})), file('manifest.json', json(list))];
}

/** Blobs of an OCI layout, and the entry of an index for it. */
export function ociImage({ layers, config }: Saved, { gzip = false } = {}) {
  const packed = layers.map((layer) => (gzip ? gzipSync(layer) : Buffer.from(layer)));
  const part = (bytes: Uint8Array, mediaType: string) => ({
    ...{ mediaType, digest: `sha256:${hexOf(bytes)}`, size: bytes.length },
  });
  const layer = `application/vnd.oci.image.layer.v1.tar${gzip ? '+gzip' : ''}`;
  const manifest = json({
    ...{ schemaVersion: 2, mediaType: MANIFEST },
    config: part(config, 'application/vnd.oci.image.config.v1+json'),
    layers: packed.map((bytes) => part(bytes, layer)),
  });
  const blobs = [...packed, config, manifest].map(blob);
  return { blobs, entry: part(manifest, MANIFEST), manifest };
}

/** A file of an OCI layout. */
export function blob(bytes: Uint8Array): Entry {
  return file(`blobs/sha256/${hexOf(bytes)}`, bytes);
}

/** An OCI layout with this index. */
export function layout(blobs: readonly Entry[], manifests: readonly object[]): Entry[] {
  const index = { schemaVersion: 2, mediaType: INDEX, manifests };
  return [
    ...[folder('blobs'), folder('blobs/sha256'), ...blobs],
    file('index.json', json(index)),
    file('oci-layout', json({ imageLayoutVersion: '1.0.0' })),
  ];
}

/** As `docker save` since 25 writes it: an entry for each name, which has the tag and the full name. */
export function docker25(
  images: readonly Saved[],
  { annotations = 'full' }: { readonly annotations?: 'full' | 'tag' | 'none' } = {},
): Entry[] {
  const made = images.map((image) => ({ ...ociImage(image), image }));
  const manifests = made.flatMap(({ entry, image: { names } }) =>
    (names.length === 0 ? [''] : names).map((name) => {
      const reference = { 'org.opencontainers.image.ref.name': name.split(':')[1] ?? '' };
      const full = { 'io.containerd.image.name': name };
      if (annotations === 'none' || name === '') return entry;
      return { ...entry, annotations: { ...reference, ...(annotations === 'full' ? full : {}) } };
    }),
  );
  const list = images.map(({ names, layers, config }) => ({
    Config: `blobs/sha256/${hexOf(config)}`,
    RepoTags: names.map((name) => name.replace(/^docker\.io\/(library\/)?/, '')),
    Layers: layers.map((layer) => `blobs/sha256/${hexOf(layer)}`),
  }));
  const blobs = made.flatMap((each) => each.blobs);
  return [
    ...layout(blobs, manifests),
    file('manifest.json', json(list)),
    file('repositories', json({})),
  ];
}
