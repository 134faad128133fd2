// Which images could be cloned: those of other users of this server, and those that registries list.
import type { Registry } from '../../config/config.ts';
import { messageOf } from '../../errors.ts';
import { ownerOf } from '../content/image.ts';
import type { LocalImages } from './local-images.ts';
import { listRepositories } from './registry/catalogue.ts';

/** What could be cloned. */
export type SearchResult = {
  /** as `walt image clone` takes them */
  readonly links: readonly string[];
  /** one sentence for each registry that could not be searched, or not all of it */
  readonly problems: readonly string[];
};

type Options = {
  readonly images: Pick<LocalImages, 'all'>;
  readonly registries: readonly Registry[];
};

/**
 * @param keyword part of the name, in capitals or not; all images where it is empty
 * @returns no link where nothing was found
 */
export async function searchImages(
  { keyword, user }: { readonly keyword: string; readonly user: string },
  { images, registries }: Options,
): Promise<SearchResult> {
  const isWanted = (name: string) => name.toLowerCase().includes(keyword.toLowerCase());
  const links = images
    .all()
    .filter(({ name }) => ownerOf(name) !== user && isWanted(name))
    .map(({ name }) => `walt:${name}`);
  const problems: string[] = [];
  for (const registry of registries) {
    if ('folder' in registry) continue;
    try {
      const { names, problem } = await listRepositories(registry);
      const wanted = names.filter((name) => name.includes('/') && isWanted(name));
      links.push(...wanted.map((name) => `${registry.name}:${name}`));
      if (problem !== undefined) problems.push(`Cannot search all of ${registry.name}: ${problem}`);
    } catch (reason) {
      problems.push(`Cannot search ${registry.name}: ${messageOf(reason)}`);
    }
  }
  return { links, problems };
}
