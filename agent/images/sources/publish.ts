// Sends an image to a registry. Layers are kept uncompressed here: those that the registry has already, as they once came, are
// named as they were, and the others compressed on their way.
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Registry } from '../../config/sections/images.ts';
import { ImageError, messageOf, RequestError } from '../../errors.ts';
import { runProgram } from '../../host/processes/program.ts';
import type { Image } from '../content/image.ts';
import type { Progress } from '../content/progress.ts';
import { complaintOf } from './complaint.ts';
import type { LocalImages } from './local-images.ts';
import { RegistryClient } from './registry/registry-client.ts';
import type { RemoteRegistry } from './registry/remote-registry.ts';
import { registryArgs } from './registry/skopeo-access.ts';

type Options = {
  readonly images: Pick<LocalImages, 'withWork' | 'makeLayout'>;
  readonly registries: readonly Registry[];
};

/** Which registry, and who follows. */
export type PublishOptions = {
  /** name of a registry; by default the first one of the configuration that is no folder */
  readonly to?: string;
  readonly progress: Progress;
  readonly signal: AbortSignal;
};

/**
 * @returns the address where the image is now
 * @throws {RequestError} if there is no such registry
 * @throws {ImageError} if the registry refuses the image
 */
export async function publishImage(
  image: Image,
  { to, progress, signal }: PublishOptions,
  { images, registries }: Options,
): Promise<string> {
  const registry = choose(registries, to);
  const { name } = image;
  const target = `${registry.address}/${name}`;
  await images.withWork(async (work) => {
    const send = async (asItCame: boolean) => {
      const layout = join(work, asItCame ? 'as-it-came' : 'plain');
      await mkdir(layout);
      await images.makeLayout(image, layout, { asItCame });
      const access = await registryArgs(registry, { work });
      progress(`sending to ${target}`);
      const how = ['--insecure-policy', 'copy', '--quiet', ...access];
      await runProgram('skopeo', [...how, `oci:${layout}:image`, `docker://${target}`], { signal });
    };
    const failed = (why: string, cause: unknown) =>
      new ImageError(`Cannot publish ${name} to ${registry.name}: ${why}`, [], { cause });
    // Whether it answers is said in our words, before anything is compressed for it.
    const client = await RegistryClient.open(registry.address, { registry, signal });
    await client.reach().catch((cause: unknown) => {
      signal.throwIfAborted();
      throw failed(messageOf(cause), cause);
    });
    // Fails where the registry lacks a layer that is not here as it came.
    await send(true).catch(async () => {
      signal.throwIfAborted();
      await send(false).catch((cause: unknown) => {
        signal.throwIfAborted();
        throw failed(refusalOf(complaintOf(cause), registry), cause);
      });
    });
  });
  return target;
}

/** What a registry or skopeo says of a copy that is refused, and what it means here. */
const REFUSALS: readonly (readonly [RegExp, (registry: RemoteRegistry) => string])[] = [
  [
    /unauthorized|authentication required|invalid username|status(?: code)?:? 401/i,
    ({ credentials }) =>
      credentials === undefined
        ? 'it lets in nobody without a login. Name one in images.registries (credentials)'
        : 'it does not take the user and password of images.registries (credentials)',
  ],
  [
    /\bdenied\b|forbidden|status(?: code)?:? 403/i,
    ({ address, credentials }) =>
      `${credentials === undefined ? 'nobody may write there without a login' : 'the user of images.registries (credentials) may not write there'}. Ask who runs ${address}`,
  ],
  [
    /no space left on device|insufficient storage|status(?: code)?:? 507/i,
    ({ address }) => `the disk of ${address} is full. Ask who runs it`,
  ],
  [
    /method not allowed|unsupported|status(?: code)?:? 405/i,
    ({ address }) => `${address} takes no images: it can only be read`,
  ],
];

function refusalOf(complaint: string, registry: RemoteRegistry): string {
  const [, say] = REFUSALS.find(([pattern]) => pattern.test(complaint)) ?? [];
  return say?.(registry) ?? complaint;
}

function choose(registries: readonly Registry[], name: string | undefined): RemoteRegistry {
  const remote = registries.filter((registry) => 'address' in registry);
  const chosen = name === undefined ? remote[0] : remote.find((registry) => registry.name === name);
  if (chosen !== undefined) return chosen;
  const known = remote.map((registry) => registry.name).join(', ');
  if (known === '') {
    throw new RequestError(
      404,
      'There is no registry to publish to: list one in images.registries',
    );
  }
  throw new RequestError(
    404,
    `There is no registry ${name === undefined ? '' : `'${name}' `}to publish to. There are: ${known} (images.registries).`,
  );
}
