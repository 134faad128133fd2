// From what a name stands for somewhere (a manifest, a list, a list of lists) to the one image that is wanted, described
// and checked. Registries, folders and archives are all read this way.
import { isKnownModel, modelOf } from '../../../boot/models.ts';
import { WaltError } from '../../../errors.ts';
import { modelsOf } from '../../content/check/check.ts';
import type { Descriptor, Manifest } from '../../content/descriptor.ts';
import type { ImageSource } from '../../content/source.ts';
import { chooseManifest, isUsable, listed, type Wanted } from './choose-manifest.ts';
import {
  type ImageConfig,
  type IndexEntry,
  readConfig,
  readDocument,
  requireDescribed,
} from './documents.ts';
import { isSame } from './platform.ts';

/** Where an image's documents and layers are. */
export type ImageParts = Pick<ImageSource, 'shown' | 'placeOf'> & {
  /** The bytes of an index or manifest; whoever asks checks them. */
  readonly readManifest: (descriptor: Descriptor) => Promise<Uint8Array>;
  /** The bytes of a configuration; whoever asks checks them. */
  readonly readConfig: (descriptor: Descriptor) => Promise<Uint8Array>;
};

type Image = {
  readonly bytes: Uint8Array;
  readonly config: Uint8Array;
  readonly facts: ImageConfig;
};

/** Lists within lists: deeper than anybody has them. */
const DEEPEST = 3;
const MOST_ENTRIES = 500;
/** Images that are looked into before one is chosen. */
const MOST_LOOKED_INTO = 50;

/**
 * @param bytes what the name stands for
 * @throws {WaltError} if there is no image to be had; it says what is so of "it"
 */
export async function resolveImage(
  bytes: Uint8Array,
  { parts, wanted }: { readonly parts: ImageParts; readonly wanted: Wanted },
): Promise<ImageSource> {
  const document = readDocument(bytes);
  return document.kind === 'manifest'
    ? sourceOf(await readImage(bytes, document.manifest, parts), parts)
    : await resolveEntries(document.entries, { parts, wanted });
}

/** As `resolveImage`, for the entries of a list. @throws {WaltError} the same */
export async function resolveEntries(
  entries: readonly IndexEntry[],
  { parts, wanted }: { readonly parts: ImageParts; readonly wanted: Wanted },
): Promise<ImageSource> {
  const known = new Map<string, Image>();
  const look = async (entry: IndexEntry) => {
    const image = known.get(entry.digest) ?? (await openImage(entry, parts));
    known.set(entry.digest, image);
    return image;
  };
  const all = await completed(await flattened(entries, parts), look);
  const choice = chooseManifest(all, wanted);
  if (choice.kind === 'none') throw new WaltError(choice.reason);
  if (choice.kind === 'chosen') return sourceOf(await look(choice.entry), parts);
  for (const entry of choice.candidates.slice(0, MOST_LOOKED_INTO)) {
    const image = await look(entry);
    if (isForItsModels(entry, image.facts, wanted)) return sourceOf(image, parts);
  }
  throw new WaltError(
    `it is there for several platforms, and the label walt.node.models of none says which one is meant${listed(choice.candidates)}`,
  );
}

/** A model without a row runs whatever is made for it. */
function isForItsModels({ platform = {} }: IndexEntry, config: ImageConfig, wanted: Wanted) {
  return modelsOf(config.config?.Labels ?? {})
    .filter((model) => wanted.model === undefined || wanted.model === model)
    .some((model) => {
      const { platforms } = modelOf(model);
      const isAnybodysGuess = !isKnownModel(model) && platforms.length === 0;
      return isAnybodysGuess || platforms.some((each) => isSame(each, platform));
    });
}

/** The entries with those of lists within, in their order, each once. */
async function flattened(
  entries: readonly IndexEntry[],
  parts: ImageParts,
  depth = 0,
): Promise<IndexEntry[]> {
  if (depth > DEEPEST)
    throw new WaltError('its list of images has lists within lists within lists');
  const all = new Map<string, IndexEntry>();
  for (const entry of entries) {
    const within = isUsable(entry) ? await entriesOf(entry, parts) : undefined;
    const more = within === undefined ? [entry] : await flattened(within, parts, depth + 1);
    for (const one of more) if (!all.has(one.digest)) all.set(one.digest, one);
    if (all.size > MOST_ENTRIES) throw new WaltError(`it has more than ${MOST_ENTRIES} images`);
  }
  return [...all.values()];
}

/** Undefined for what is no list. */
async function entriesOf(
  entry: IndexEntry,
  parts: ImageParts,
): Promise<readonly IndexEntry[] | undefined> {
  const { mediaType = '' } = entry;
  if (mediaType !== '' && !/index|list/.test(mediaType)) return undefined;
  const document = readDocument(await checked(entry, parts.readManifest));
  return document.kind === 'index' ? document.entries : undefined;
}

/** Of several images, those without a platform get the one of their configuration. */
async function completed(
  entries: readonly IndexEntry[],
  look: (entry: IndexEntry) => Promise<Image>,
): Promise<IndexEntry[]> {
  const isAlone = entries.filter(isUsable).length < 2;
  const all: IndexEntry[] = [];
  for (const entry of entries) {
    const isComplete = (entry.platform?.architecture ?? '') !== '';
    if (isAlone || isComplete || !isUsable(entry) || all.length >= MOST_LOOKED_INTO) {
      all.push(entry);
      continue;
    }
    const { os, architecture, variant } = (await look(entry)).facts;
    const platform = JSON.parse(JSON.stringify({ os, architecture, variant }));
    all.push({ ...entry, platform });
  }
  return all;
}

async function openImage(entry: IndexEntry, parts: ImageParts): Promise<Image> {
  const bytes = await checked(entry, parts.readManifest);
  const document = readDocument(bytes);
  if (document.kind === 'manifest') return await readImage(bytes, document.manifest, parts);
  throw new WaltError('its list of images names a list as an image');
}

async function readImage(bytes: Uint8Array, manifest: Manifest, parts: ImageParts): Promise<Image> {
  const config = await checked(manifest.config, parts.readConfig);
  return { bytes, config, facts: readConfig(config) };
}

async function checked(
  descriptor: Descriptor,
  read: (descriptor: Descriptor) => Promise<Uint8Array>,
): Promise<Uint8Array> {
  const bytes = await read(descriptor);
  requireDescribed(bytes, descriptor);
  return bytes;
}

function sourceOf({ bytes: manifest, config }: Image, { shown, placeOf }: ImageParts): ImageSource {
  return { shown, manifest, config, placeOf };
}
