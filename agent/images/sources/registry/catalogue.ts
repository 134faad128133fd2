// The list of images that a registry has (Docker's registry, `/v2/_catalog`), page by page.
import { WaltError } from '../../../errors.ts';
import { nextPage } from './link-header.ts';
import { RegistryClient } from './registry-client.ts';
import type { RemoteRegistry } from './remote-registry.ts';

/** What a registry lists. */
export type Catalogue = {
  /** of repositories, `owner/name` */
  readonly names: readonly string[];
  /** why that is not all, if so: a sentence about "its list" */
  readonly problem?: string;
};

/** Docker's registry gives no more at once. */
const PAGE = 1000;
const MOST_PAGES = 1000;
const MOST_NAMES = 100_000;
/** No list for programs without an account. */
const HUB = 'docker.io';

/**
 * Names of repositories, below the path of the registry's address if it has one.
 * @param options.page names that are asked for at once
 * @throws {WaltError} if the registry does not give its list
 */
export async function listRepositories(
  registry: RemoteRegistry,
  { page = PAGE }: { readonly page?: number } = {},
): Promise<Catalogue> {
  const [host = '', ...path] = registry.address.split('/');
  if (host === HUB) {
    throw new WaltError(
      'it gives no list of images to programs. Look on hub.docker.com, and clone by name',
    );
  }
  const client = await RegistryClient.open(host, { registry });
  const { names, problem } = await allPages(client, page);
  const prefix = path.map((part) => `${part}/`).join('');
  const own = names.filter((name) => name.startsWith(prefix));
  return {
    names: own.map((name) => name.slice(prefix.length)),
    ...(problem === undefined ? {} : { problem }),
  };
}

async function allPages(client: RegistryClient, size: number): Promise<Catalogue> {
  const names: string[] = [];
  const seen = new Set<string>();
  let path = `/v2/_catalog?n=${size}`;
  while (seen.size < MOST_PAGES && names.length < MOST_NAMES) {
    seen.add(path);
    const { body, headers, url } = await client.cataloguePage(path);
    names.push(...namesIn(body));
    const next = nextPage(headers.link ?? '', url);
    if (next === undefined) return { names };
    const { origin, host, pathname, search } = new URL(next);
    if (origin !== new URL(url).origin) {
      return { names, problem: `its list goes on at ${host}, which is not asked` };
    }
    path = `${pathname}${search}`;
    if (seen.has(path)) return { names, problem: 'its list goes round in a circle' };
  }
  return { names, problem: `its list is longer than ${names.length} names` };
}

function namesIn(body: Buffer): string[] {
  let value: unknown;
  try {
    value = (JSON.parse(body.toString()) as { repositories?: unknown } | null)?.repositories ?? [];
  } catch (cause) {
    throw new WaltError('its list is damaged', { cause });
  }
  if (Array.isArray(value) && value.every((name) => typeof name === 'string')) return value;
  throw new WaltError('its list is damaged');
}
