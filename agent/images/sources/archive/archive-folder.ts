// A folder of archives as a registry: what a release ships, or what was built on this machine.
import { readdir, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Registry } from '../../../config/sections/images.ts';
import type { ImageSource } from '../../content/source.ts';
import type { Wanted } from '../choice/choose-manifest.ts';
import { namesInArchive, openArchive } from './open-archive.ts';

/** The registries that are folders, by their names. @param state relative folders are below it */
export function archiveFolders(
  registries: readonly Registry[],
  state: string,
): ReadonlyMap<string, ArchiveFolder> {
  return new Map(
    registries.flatMap((registry) =>
      'folder' in registry
        ? [[registry.name, new ArchiveFolder(resolve(state, registry.folder))] as const]
        : [],
    ),
  );
}

type Archive = { readonly path: string; readonly made: number; readonly names: readonly string[] };
type Known = { readonly stamp: string; readonly names: readonly string[] };

/** Finds images by name among the archives of one folder. */
export class ArchiveFolder {
  readonly #folder: string;
  /** by path: an archive is looked into again only when it has changed */
  readonly #known = new Map<string, Known>();

  constructor(folder: string) {
    this.#folder = folder;
  }

  /**
   * The image of the newest archive that calls one so; undefined without one, or without the folder.
   * @param name `owner/name:tag`
   * @param options.work folder of the caller's own, which has to be there as long as the source is read
   * @throws {ImageError} if the archive has not what is wanted
   */
  async find(
    name: string,
    { work, wanted }: { readonly work: string; readonly wanted: Wanted },
  ): Promise<ImageSource | undefined> {
    let newest: Archive | undefined;
    for await (const archive of this.#archives(work)) {
      if (!archive.names.includes(name)) continue;
      if (archive.made > (newest?.made ?? -1)) newest = archive;
    }
    if (newest === undefined) return undefined;
    return (await openArchive(newest.path, { work, name, wanted })).source;
  }

  /**
   * Names of all images in its archives, each once, in alphabetical order.
   * @param work folder of the caller's own
   */
  async names(work: string): Promise<string[]> {
    const names = new Set<string>();
    for await (const archive of this.#archives(work)) {
      for (const name of archive.names) names.add(name);
    }
    return [...names].toSorted();
  }

  async *#archives(work: string): AsyncGenerator<Archive> {
    const entries = await readdir(this.#folder).catch((thrown: NodeJS.ErrnoException) => {
      if (thrown.code === 'ENOENT') return [];
      throw thrown;
    });
    for (const entry of entries) {
      const path = join(this.#folder, entry);
      // Somebody may remove it meanwhile.
      const status = await stat(path).catch(() => undefined);
      if (status === undefined) continue;
      const { mtimeMs: made, size } = status;
      yield { path, made, names: await this.#namesIn(path, { stamp: `${made} ${size}`, work }) };
    }
  }

  /** What is no archive is passed over: a folder may hold a README. */
  async #namesIn(
    path: string,
    { stamp, work }: { readonly stamp: string; readonly work: string },
  ): Promise<readonly string[]> {
    const before = this.#known.get(path);
    if (before?.stamp === stamp) return before.names;
    const names = await namesInArchive(path, work).catch(() => []);
    this.#known.set(path, { stamp, names });
    return names;
  }
}
