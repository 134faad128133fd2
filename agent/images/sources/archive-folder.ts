// A folder of archives as a registry: what a release ships, or what was built on this machine.
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { openArchive } from './archive.ts';
import type { OciSource } from './oci.ts';

type Known = { readonly stamp: string; readonly name?: string; readonly source?: OciSource };

/** Finds images by name among the archives of one folder. */
export class ArchiveFolder {
  readonly #folder: string;
  /** by path: an archive is opened again only when it has changed */
  readonly #known = new Map<string, Known>();

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** The newest archive that calls its image so; undefined without one, or without the folder. */
  async find(name: string): Promise<OciSource | undefined> {
    const entries = await readdir(this.#folder).catch((thrown: NodeJS.ErrnoException) => {
      if (thrown.code === 'ENOENT') return [];
      throw thrown;
    });
    const found: { readonly made: number; readonly source: OciSource }[] = [];
    for (const entry of entries) {
      const path = join(this.#folder, entry);
      const { mtimeMs, size } = await stat(path);
      const known = await this.#open(path, `${mtimeMs} ${size}`);
      if (known.source !== undefined && known.name === name) {
        found.push({ made: mtimeMs, source: known.source });
      }
    }
    return found.toSorted((left, right) => right.made - left.made)[0]?.source;
  }

  /** What is no archive is passed over: a folder may hold a README. */
  async #open(path: string, stamp: string): Promise<Known> {
    const before = this.#known.get(path);
    if (before?.stamp === stamp) return before;
    const known = await openArchive(path).then(
      ({ source, name }) => ({ stamp, source, name: shortName(name ?? '') }),
      () => ({ stamp }),
    );
    this.#known.set(path, known);
    return known;
  }
}

/** `docker.io/owner/name` and `localhost/owner/name` are how other programs write `owner/name:latest`. */
export function shortName(name: string): string {
  const parts = name.split('/');
  const short = parts.length > 2 ? parts.slice(-2).join('/') : name;
  return /:[^/]+$/.test(short) ? short : `${short}:latest`;
}
