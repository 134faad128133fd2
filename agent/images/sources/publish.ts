// Sends an image to a registry. Layers are kept uncompressed here: those that the registry has already, as they once came, are
// named as they were, and the others compressed on their way.
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Registry } from '../../config/sections/images.ts';
import { ImageError, RequestError } from '../../errors.ts';
import { runProgram } from '../../host/processes/program.ts';
import type { Image } from '../content/image.ts';
import type { Progress } from '../content/progress.ts';
import { complaintOf } from './complaint.ts';
import type { LocalImages } from './local-images.ts';
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
    // Fails where the registry lacks a layer that is not here as it came.
    await send(true).catch(async () => {
      signal.throwIfAborted();
      await send(false).catch((cause: unknown) => {
        const message = `Cannot publish ${name} to ${registry.name}: ${complaintOf(cause)}`;
        throw new ImageError(message, [], { cause });
      });
    });
  });
  return target;
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
