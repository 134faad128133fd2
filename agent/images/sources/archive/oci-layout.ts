// An archive in the form of an OCI layout (image-spec, "Image Layout"): `index.json` and `blobs/`. Docker writes it since
// version 25, with the file manifest.json of earlier versions beside it.
import { WaltError } from '../../../errors.ts';
import type { Descriptor } from '../../content/descriptor.ts';
import { type IndexEntry, MOST_DOCUMENT, readDocument } from '../choice/documents.ts';
import { type ArchiveFiles, type FilePlace, readPlace } from './archive-files.ts';
import type { ArchiveContent, ArchivedImage } from './archived-image.ts';
import { readSavedList, type SavedImage } from './docker-archive.ts';
import { imageNameOf } from './image-names.ts';

/** Names of an image in an index: the first is a full name for containerd and Docker, the second may be a tag alone. */
const FULL_NAME = 'io.containerd.image.name';
const REF_NAME = 'org.opencontainers.image.ref.name';
const REFERENCE_TYPE = 'vnd.docker.reference.type';

/** @returns undefined for an archive of another form @throws {WaltError} if it is damaged */
export async function readLayout(files: ArchiveFiles): Promise<ArchiveContent | undefined> {
  const place = await files.find('index.json');
  if (place === undefined) return undefined;
  const document = readDocument(await readPlace(place, MOST_DOCUMENT));
  if (document.kind !== 'index') throw new WaltError('its index.json is no list of images');
  const placeOf = (part: Descriptor) => blobPlace(files, part);
  const read = async (part: Descriptor) => await readPlace(await placeOf(part), MOST_DOCUMENT);
  const saved = (await readSavedList(files).catch(() => undefined)) ?? [];
  const images: ArchivedImage[] = [];
  for (const entry of document.entries) {
    if (entry.annotations?.[REFERENCE_TYPE] !== undefined) continue;
    images.push({ entry, names: await namesOf(entry, { saved, read }) });
  }
  return { images, parts: { readManifest: read, readConfig: read, placeOf } };
}

async function blobPlace(files: ArchiveFiles, { digest }: Descriptor): Promise<FilePlace> {
  const place = await files.find(`blobs/${digest.replace(':', '/')}`);
  if (place !== undefined) return place;
  throw new WaltError(`it lacks its part ${digest.slice(0, 19)}…`);
}

type Source = {
  readonly saved: readonly SavedImage[];
  readonly read: (part: Descriptor) => Promise<Uint8Array>;
};

/** One full name; where the index has the tag alone, Docker's own list has those. */
async function namesOf(entry: IndexEntry, { saved, read }: Source): Promise<string[]> {
  const { [FULL_NAME]: full = '', [REF_NAME]: reference = '' } = entry.annotations ?? {};
  const own = [full, reference].filter((name) => name !== '');
  const best = own.find((name) => imageNameOf(name) !== undefined) ?? own[0];
  const isTag = full === '' && /^[\w.-]*$/.test(reference);
  if (best !== undefined && !isTag) return [best];
  const configs = saved.length === 0 ? [] : await configsOf(entry, read).catch(() => []);
  const tags = saved
    .filter(({ Config }) =>
      configs.some((digest) => Config.includes(digest.slice('sha256:'.length))),
    )
    .flatMap(({ RepoTags }) => RepoTags ?? [])
    .filter((name) => reference === '' || name.endsWith(`:${reference}`));
  return tags.length === 0 && best !== undefined ? [best] : tags;
}

async function configsOf(entry: Descriptor, read: Source['read']): Promise<string[]> {
  const document = readDocument(await read(entry));
  if (document.kind === 'manifest') return [document.manifest.config.digest];
  const configs: string[] = [];
  for (const each of document.entries.slice(0, 20)) {
    const within = readDocument(await read(each));
    if (within.kind === 'manifest') configs.push(within.manifest.config.digest);
  }
  return configs;
}
