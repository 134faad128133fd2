// Where an image with a given name is: the registries of the configuration in their order, or one place that
// somebody named.
import type { Registry } from '../../config/sections/images.ts';
import { ImageError, messageOf, RequestError } from '../../errors.ts';
import type { ImageSource } from '../content/source.ts';
import { type ArchiveFolder, archiveFolders } from './archive/archive-folder.ts';
import type { Wanted } from './choice/choose-manifest.ts';
import {
  copyFromDaemon,
  DAEMONS,
  type DaemonCopy,
  imageOfDaemon,
  isDaemon,
} from './daemon-image.ts';
import { askRegistry } from './registry/registry-image.ts';

/** What image, from where. */
export type Sought = {
  /** `owner/name:tag` */
  readonly name: string;
  /** one place only: the name of a registry, `docker` or `podman` */
  readonly from?: string;
  /** which of several images under one name */
  readonly wanted: Wanted;
  /** folder of the caller's own, which has to be there as long as the source is read */
  readonly work: string;
  readonly signal?: AbortSignal;
};

/** This server, as people name it in a link: its images are no source, yet a place that somebody may mean. */
const HERE = 'walt';

/** The places that images come from. */
export class ImageFinder {
  readonly #registries: readonly Registry[];
  readonly #copy: DaemonCopy;
  readonly #folders: ReadonlyMap<string, ArchiveFolder>;

  /** @param state relative folders are below it. @param copy who reads what docker and podman keep; this process unless said */
  constructor(registries: readonly Registry[], state: string, copy: DaemonCopy = copyFromDaemon) {
    this.#registries = registries;
    this.#copy = copy;
    this.#folders = archiveFolders(registries, state);
  }

  /** Names that the location of a link may have. */
  places(): string[] {
    return [HERE, ...this.#registries.map(({ name }) => name), ...Object.keys(DAEMONS)];
  }

  /**
   * The first place that has the image.
   * @throws {RequestError} if there is no such place
   * @throws {ImageError} with the reason of each place that does not have it
   */
  async find(sought: Sought): Promise<ImageSource> {
    const { name, from, signal } = sought;
    if (isDaemon(from)) return await imageOfDaemon(from, { ...sought, copy: this.#copy });
    const places = this.#registries.filter((one) => from === undefined || one.name === from);
    if (places.length === 0) throw this.#noPlace(from);
    const reasons: string[] = [];
    for (const registry of places) {
      const found = await this.#ask(registry, sought).catch((reason: unknown) => messageOf(reason));
      if (typeof found !== 'string') return found;
      signal?.throwIfAborted();
      reasons.push(`${registry.name}: ${found}`);
    }
    throw new ImageError(`Cannot find image ${name}:`, reasons);
  }

  /** @returns the image, or why it is not to be had there */
  async #ask(registry: Registry, sought: Sought): Promise<ImageSource | string> {
    if ('folder' in registry) {
      const found = await this.#folders.get(registry.name)?.find(sought.name, sought);
      return found ?? `no archive in ${registry.folder} has this name`;
    }
    const asked = await askRegistry(registry, sought);
    if (asked.kind === 'absent') return `it is not at ${registry.address}`;
    return asked.kind === 'failed' ? asked.reason : asked.image;
  }

  #noPlace(from: string | undefined): Error {
    if (from === undefined) {
      return new ImageError('There is no registry: list one in images.registries');
    }
    const places = this.places().join(', ');
    return new RequestError(404, `There is no location '${from}'. There are: ${places}.`);
  }
}
