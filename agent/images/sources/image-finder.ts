// Where an image with a given name is: the registries of the configuration in their order, or one place that
// somebody named.
import { access } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Registry } from '../../config/config.ts';
import { ImageError, messageOf, RequestError } from '../../errors.ts';
import { ArchiveFolder } from './archive-folder.ts';
import type { OciSource } from './oci.ts';
import { registryArgs } from './registry-access.ts';
import { askRegistry } from './remote-image.ts';

/** What image, from where. */
export type Wanted = {
  /** `owner/name:tag` */
  readonly name: string;
  /** one place only: the name of a registry, `docker` or `podman` */
  readonly from?: string;
  /** which of several images under one name, best first */
  readonly architectures: readonly string[];
  /** folder of the caller's own, for credentials */
  readonly work: string;
  readonly signal?: AbortSignal;
};

/** Images that another program keeps on this machine. */
const DAEMONS = {
  docker: { socket: '/var/run/docker.sock', transport: 'docker-daemon:' },
  podman: { socket: '/var/lib/containers/storage', transport: 'containers-storage:' },
} as const;

/** The places that images come from. */
export class ImageFinder {
  readonly #registries: readonly Registry[];
  readonly #folders: ReadonlyMap<string, ArchiveFolder>;

  /** @param state relative folders are below it */
  constructor(registries: readonly Registry[], state: string) {
    this.#registries = registries;
    this.#folders = new Map(
      registries.flatMap((registry) =>
        'folder' in registry
          ? [[registry.name, new ArchiveFolder(resolve(state, registry.folder))] as const]
          : [],
      ),
    );
  }

  /** Names that `from` may have. */
  places(): string[] {
    return [...this.#registries.map(({ name }) => name), ...Object.keys(DAEMONS)];
  }

  /**
   * The first place that has the image.
   * @throws {RequestError} if there is no such place
   * @throws {ImageError} with the reason of each place that does not have it
   */
  async find(wanted: Wanted): Promise<OciSource> {
    const { name, from } = wanted;
    if (from === 'docker' || from === 'podman') return await inDaemon(from, name);
    const places = this.#registries.filter((one) => from === undefined || one.name === from);
    if (places.length === 0) throw this.#noPlace(from);
    const reasons: string[] = [];
    for (const registry of places) {
      const found = await this.#ask(registry, wanted).catch((reason: unknown) => messageOf(reason));
      if (typeof found !== 'string') return found;
      reasons.push(`${registry.name}: ${found}`);
    }
    throw new ImageError(`Cannot find image ${name}:`, reasons);
  }

  /** @returns the image, or why it is not to be had there */
  async #ask(registry: Registry, wanted: Wanted): Promise<OciSource | string> {
    const { name, work } = wanted;
    if ('folder' in registry) {
      const found = await this.#folders.get(registry.name)?.find(name);
      return found ?? `no archive in ${registry.folder} has this name`;
    }
    const asked = await askRegistry(registry, wanted);
    if (asked.kind === 'absent') return `it is not at ${registry.address}`;
    if (asked.kind === 'failed') return asked.reason;
    const { reference, parts } = asked.image;
    const args = await registryArgs(registry, { side: 'src-', work });
    return { reference, parts, args, shown: reference.replace('docker://', '') };
  }

  #noPlace(from: string | undefined): Error {
    if (from === undefined) {
      return new ImageError('There is no registry: list one in images.registries');
    }
    const places = this.places().join(', ');
    return new RequestError(404, `There is no registry '${from}'. There are: ${places}.`);
  }
}

async function inDaemon(which: keyof typeof DAEMONS, name: string): Promise<OciSource> {
  const { socket, transport } = DAEMONS[which];
  await access(socket).catch((cause: unknown) => {
    const message = `There are no images of ${which} on this machine: there is no ${socket}`;
    throw new RequestError(404, message, { cause });
  });
  return { reference: `${transport}${name}`, shown: `${which} (${name})` };
}
