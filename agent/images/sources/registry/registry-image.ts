// Asks a registry for an image by name: its mirrors first, then itself.
import { ConfigError, messageOf } from '../../../errors.ts';
import { oneLine } from '../../../host/text/shown-text.ts';
import type { ImageSource } from '../../content/source.ts';
import type { Wanted } from '../choice/choose-manifest.ts';
import { type ImageParts, resolveImage } from '../choice/resolve-image.ts';
import { RegistryClient } from './registry-client.ts';
import { RegistryError } from './registry-error.ts';
import type { RemoteRegistry } from './remote-registry.ts';

/** What a registry says when it is asked for an image. */
export type Asked =
  | { readonly kind: 'found'; readonly image: ImageSource }
  | { readonly kind: 'absent' }
  | { readonly kind: 'failed'; readonly reason: string };

type Question = {
  /** `owner/name:tag` */
  readonly name: string;
  readonly wanted: Wanted;
  readonly signal?: AbortSignal;
};

/**
 * Asks the mirrors first, then the registry itself.
 * @throws {ConfigError} if a file of the configuration cannot be used
 */
export async function askRegistry(registry: RemoteRegistry, question: Question): Promise<Asked> {
  const failures: string[] = [];
  for (const address of [...registry.mirrors, registry.address]) {
    try {
      return { kind: 'found', image: await askAddress(address, registry, question) };
    } catch (thrown) {
      if (thrown instanceof ConfigError || question.signal?.aborted === true) throw thrown;
      const isAbsent = thrown instanceof RegistryError && thrown.kind === 'absent';
      if (!isAbsent) failures.push(`${address}: ${oneLine(messageOf(thrown))}`);
    }
  }
  return failures.length === 0
    ? { kind: 'absent' }
    : { kind: 'failed', reason: failures.join('; ') };
}

async function askAddress(
  address: string,
  registry: RemoteRegistry,
  { name, wanted, signal }: Question,
): Promise<ImageSource> {
  const client = await RegistryClient.open(address, {
    registry,
    ...(signal === undefined ? {} : { signal }),
  });
  const at = name.lastIndexOf(':');
  const [repository, tag] = [name.slice(0, at), name.slice(at + 1)];
  const parts: ImageParts = {
    shown: `${address}/${name}`,
    readManifest: ({ digest }) => client.manifest(repository, digest),
    readConfig: (config) => client.smallBlob(repository, config),
    placeOf: (layer) => client.placeOf(repository, layer),
  };
  return await resolveImage(await client.manifest(repository, tag), { parts, wanted });
}
