// An archive of `docker save` before version 25, or of `podman save`: manifest.json, and a configuration and layers for each
// image. It has no manifest of an image: one is made here, always the same of the same archive.
//
// Docker 20:  manifest.json, <config>.json, <layer>/layer.tar (a layer that is there twice is a link to ../<layer>/layer.tar)
// podman:     manifest.json, <config>.json, <layer>.tar, and <other>/layer.tar as links to them
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { WaltError } from '../../../errors.ts';
import type { Descriptor } from '../../content/descriptor.ts';
import { digestOf } from '../../content/digest.ts';
import { MOST_DOCUMENT, readConfig } from '../choice/documents.ts';
import { type ArchiveFiles, type FilePlace, readPlace } from './archive-files.ts';
import type { ArchiveContent, ArchivedImage } from './archived-image.ts';
import { compressionAt } from './plain-tar.ts';

/** An image in manifest.json; paths in the archive, layers lowest first. */
export type SavedImage = {
  readonly Config: string;
  readonly RepoTags?: readonly string[] | null;
  readonly Layers: readonly string[];
};

type Layer = { readonly descriptor: Descriptor; readonly place: FilePlace };

const MANIFEST = 'application/vnd.oci.image.manifest.v1+json';
const CONFIG = 'application/vnd.oci.image.config.v1+json';
const LAYER = 'application/vnd.oci.image.layer.v1.tar';
const MOST_IMAGES = 100;
/** Overlays have no more (Docker, "maximum layer depth" 125). */
const MOST_LAYERS = 1000;

/** @returns undefined for an archive of another form @throws {WaltError} if it is damaged */
export async function readSaved(files: ArchiveFiles): Promise<ArchiveContent | undefined> {
  const list = await readSavedList(files);
  if (list === undefined) return undefined;
  const documents = new Map<string, Uint8Array>();
  const places = new Map<string, FilePlace>();
  const images: ArchivedImage[] = [];
  for (const saved of list) {
    const configBytes = await configOf(saved, files);
    const layers = await layersOf(saved, { configBytes, files });
    for (const { descriptor, place } of layers) places.set(descriptor.digest, place);
    const config = described(CONFIG, configBytes);
    const manifest = Buffer.from(
      JSON.stringify({
        schemaVersion: 2,
        mediaType: MANIFEST,
        config,
        layers: layers.map(({ descriptor }) => descriptor),
      }),
    );
    const entry = described(MANIFEST, manifest);
    documents.set(config.digest, configBytes).set(entry.digest, manifest);
    images.push({ entry, names: saved.RepoTags ?? [] });
  }
  const find = async <Thing>(things: ReadonlyMap<string, Thing>, { digest }: Descriptor) => {
    const thing = things.get(digest);
    if (thing === undefined) throw new WaltError(`it lacks its part ${digest.slice(0, 19)}…`);
    return thing;
  };
  const read = (part: Descriptor) => find(documents, part);
  return {
    images,
    parts: { readManifest: read, readConfig: read, placeOf: (part) => find(places, part) },
  };
}

/** What manifest.json says; undefined without it. @throws {WaltError} if it is damaged */
export async function readSavedList(files: ArchiveFiles): Promise<SavedImage[] | undefined> {
  const place = await files.find('manifest.json');
  if (place === undefined) return undefined;
  const text = Buffer.from(await readPlace(place, MOST_DOCUMENT)).toString();
  try {
    const list: unknown = JSON.parse(text);
    if (Array.isArray(list) && list.length <= MOST_IMAGES && list.every(isSavedImage)) return list;
  } catch (cause) {
    throw new WaltError('its manifest.json is damaged', { cause });
  }
  throw new WaltError('its manifest.json is damaged');
}

function isSavedImage(value: unknown): value is SavedImage {
  const { Config, RepoTags, Layers } = (value ?? {}) as Readonly<Record<string, unknown>>;
  const areTexts = (list: unknown) =>
    Array.isArray(list) && list.every((each) => typeof each === 'string');
  const areLayers = areTexts(Layers) && (Layers as string[]).length <= MOST_LAYERS;
  return typeof Config === 'string' && areLayers && areTexts(RepoTags ?? []);
}

/** The name of its file is its digest, in all programs that write such archives. */
async function configOf({ Config: name }: SavedImage, files: ArchiveFiles): Promise<Uint8Array> {
  const bytes = await readPlace(await required(name, files), MOST_DOCUMENT);
  const hex = /(?:^|\/)([0-9a-f]{64})(?:\.json)?$/.exec(name)?.[1];
  if (hex === undefined || digestOf(bytes) === `sha256:${hex}`) return bytes;
  throw new WaltError(`its configuration ${name} is damaged: it has another digest`);
}

async function layersOf(
  { Layers: names }: SavedImage,
  { configBytes, files }: { readonly configBytes: Uint8Array; readonly files: ArchiveFiles },
): Promise<Layer[]> {
  const diffIds = readConfig(configBytes).rootfs?.diff_ids ?? [];
  if (diffIds.length !== names.length) {
    throw new WaltError('its manifest.json and its configuration name different layers');
  }
  const layers: Layer[] = [];
  for (const [index, name] of names.entries()) {
    layers.push(await layerAt(await required(name, files), { name, diffId: diffIds[index] ?? '' }));
  }
  return layers;
}

/** A layer that is not compressed has the digest that the configuration names. */
async function layerAt(
  place: FilePlace,
  { name, diffId }: { readonly name: string; readonly diffId: string },
): Promise<Layer> {
  const { path, offset, length: size } = place;
  const compression = await compressionAt(path, offset);
  if (compression === 'none') {
    return { place, descriptor: { mediaType: LAYER, digest: diffId, size } };
  }
  if (compression === 'xz' || compression === 'bzip2') {
    throw new WaltError(`its layer ${name} is compressed with ${compression}, which is not read`);
  }
  const hash = createHash('sha256');
  for await (const piece of createReadStream(path, { start: offset, end: offset + size - 1 })) {
    hash.update(piece);
  }
  const digest = `sha256:${hash.digest('hex')}`;
  return { place, descriptor: { mediaType: `${LAYER}+${compression}`, digest, size } };
}

async function required(name: string, files: ArchiveFiles): Promise<FilePlace> {
  const place = await files.find(name);
  if (place !== undefined) return place;
  throw new WaltError(`it lacks its file ${name}`);
}

function described(mediaType: string, bytes: Uint8Array): Descriptor {
  return { mediaType, digest: digestOf(bytes), size: bytes.length };
}
