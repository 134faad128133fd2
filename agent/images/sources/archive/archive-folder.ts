// A folder of archives as a registry: what a release ships, or what was built on this machine.
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { ImageSource } from '../../content/source.ts';
import type { Wanted } from '../choice/choose-manifest.ts';
import { namesInArchive, openArchive } from './open-archive.ts';

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
    const entries = await readdir(this.#folder).catch((thrown: NodeJS.ErrnoException) => {
      if (thrown.code === 'ENOENT') return [];
      throw thrown;
    });
    let newest: { readonly made: number; readonly path: string } | undefined;
    for (const entry of entries) {
      const path = join(this.#folder, entry);
      // Somebody may remove it meanwhile.
      const status = await stat(path).catch(() => undefined);
      if (status === undefined) continue;
      const { mtimeMs: made, size } = status;
      const names = await this.#namesIn(path, { stamp: `${made} ${size}`, work });
      if (names.includes(name) && made > (newest?.made ?? -1)) newest = { made, path };
    }
    if (newest === undefined) return undefined;
    return (await openArchive(newest.path, { work, name, wanted })).source;
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
