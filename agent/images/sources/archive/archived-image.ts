// What an archive has: images with their names, whatever form it is of; and which of them is meant.
import { WaltError } from '../../../errors.ts';
import type { IndexEntry } from '../choice/documents.ts';
import type { ImageParts } from '../choice/resolve-image.ts';
import { imageNameOf } from './image-names.ts';

/** An image of an archive, or one of its platforms. */
export type ArchivedImage = {
  readonly entry: IndexEntry;
  /** as the archive has them */
  readonly names: readonly string[];
};

/** What an archive has, and where. */
export type ArchiveContent = {
  readonly images: readonly ArchivedImage[];
  readonly parts: Omit<ImageParts, 'shown'>;
};

/** One image, on one or several platforms. */
export type NamedEntries = {
  /** `owner/name:tag`, the first name of that form; undefined where it has none */
  readonly name?: string;
  readonly entries: readonly IndexEntry[];
};

/** Two images of one name are one for two platforms; two names of the same image are one image. */
export function imagesByName(images: readonly ArchivedImage[]): (readonly ArchivedImage[])[] {
  const groups = new Map<string, ArchivedImage[]>();
  for (const image of images) {
    const names = image.names.length === 0 ? [''] : image.names;
    for (const name of names) {
      const key = imageNameOf(name) ?? name;
      groups.set(key, [...(groups.get(key) ?? []), image]);
    }
  }
  const merged = new Map<string, ArchivedImage[]>();
  for (const group of groups.values()) {
    const digests = [...new Set(group.map(({ entry }) => entry.digest))].toSorted().join(' ');
    merged.set(digests, [...(merged.get(digests) ?? []), ...group]);
  }
  return [...merged.values()];
}

/**
 * @param wanted `owner/name:tag`, where somebody said which one is meant
 * @throws {WaltError} if there is none, or several and nobody said which
 */
export function selectImage(
  images: readonly ArchivedImage[],
  wanted: string | undefined,
): NamedEntries {
  const groups = imagesByName(images);
  const group =
    groups.length === 1 ? groups[0] : groups.find((each) => wanted && hasName(each, wanted));
  if (group !== undefined) return named(group);
  if (groups.length === 0) throw new WaltError('it has no image');
  const names = groups.map((each) => each[0]?.names.join(' or ') || 'one without a name');
  throw new WaltError(
    `it has several images: ${names.slice(0, 20).join(', ')}. Give the name of the one you want with --name, or save that one alone`,
  );
}

function hasName(group: readonly ArchivedImage[], wanted: string): boolean {
  return group.some(({ names }) => names.some((name) => imageNameOf(name) === wanted));
}

function named(group: readonly ArchivedImage[]): NamedEntries {
  const names = group.flatMap((image) => image.names.flatMap((name) => imageNameOf(name) ?? []));
  const entries = group.map(({ entry }) => entry);
  return { entries, ...(names[0] === undefined ? {} : { name: names[0] }) };
}
