// Which images could be cloned: those of other users of this server, those in folders of archives, and those that registries
// list.
import type { Registry } from '../../config/sections/images.ts';
import { messageOf } from '../../errors.ts';
import { ownerOf } from '../content/image.ts';
import type { ArchiveFolder } from './archive/archive-folder.ts';
import type { LocalImages } from './local-images.ts';
import { listRepositories } from './registry/catalogue.ts';

/** An image that could be cloned. */
export type FoundImage = {
  /** `walt` for this server, or the name of a registry */
  readonly location: string;
  /** `owner/name`, with its tag where that is known */
  readonly name: string;
  /** models that it is for; undefined where nobody knows without fetching it */
  readonly models?: readonly string[];
};

/** What could be cloned. */
export type SearchResult = {
  readonly found: readonly FoundImage[];
  /** one sentence for each registry that could not be searched, or not all of it */
  readonly problems: readonly string[];
};

/** Where is searched. */
export type SearchPlaces = {
  readonly images: Pick<LocalImages, 'all' | 'withWork'>;
  readonly registries: readonly Registry[];
  /** of the registries that are folders, by their names */
  readonly folders: ReadonlyMap<string, ArchiveFolder>;
};

type Listed = { readonly names: readonly string[]; readonly problem?: string | undefined };

/**
 * @param keyword part of the name, in capitals or not; all images where it is empty
 * @returns no image where nothing was found
 */
export async function searchImages(
  { keyword, user }: { readonly keyword: string; readonly user: string },
  places: SearchPlaces,
): Promise<SearchResult> {
  const isWanted = (name: string) => name.toLowerCase().includes(keyword.toLowerCase());
  const found: FoundImage[] = places.images
    .all()
    .filter(({ name }) => ownerOf(name) !== user && isWanted(name))
    .map(({ name, models }) => ({ location: 'walt', name, models }));
  const problems: string[] = [];
  for (const registry of places.registries) {
    const location = registry.name;
    try {
      const { names, problem } = await namesAt(registry, places);
      const wanted = names.filter((name) => name.includes('/') && isWanted(name));
      found.push(...wanted.map((name) => ({ location, name })));
      if (problem !== undefined) problems.push(`Cannot search all of ${location}: ${problem}`);
    } catch (reason) {
      problems.push(`Cannot search ${location}: ${messageOf(reason)}`);
    }
  }
  return { found, problems };
}

async function namesAt(registry: Registry, { images, folders }: SearchPlaces): Promise<Listed> {
  if (!('folder' in registry)) return await listRepositories(registry);
  const names = async (work: string) => (await folders.get(registry.name)?.names(work)) ?? [];
  return { names: await images.withWork(names) };
}
