// What the layers of an image may hold. Each entry is judged by the program that writes it, before it does.
import { ImageError } from '../../../errors.ts';
import { type LayerEntry, shownPath } from './layer-entry.ts';
import type { TarEntry } from './tar/tar-entry.ts';

/** For all layers of one image together, unpacked; bytes. */
export type LayerLimits = {
  readonly maxFiles: number;
  readonly maxBytes: number;
  /** says what sets `maxBytes` */
  readonly bytesReason: string;
};

/** What was counted in the layers of one image so far, those that are read at once too. */
export type LayerCounts = { files: number; bytes: number };

/** Tar headers and padding of one entry, generously. */
const ENTRY_OVERHEAD = 4096;
const LONGEST_NAME = 255;
const LONGEST_PATH = 4095;
/** What one entry may have; more does not fit into the file systems that images are made of. */
const MOST_XATTRS = 65_000;
const LARGEST_ID = 2 ** 32 - 2;

/** Judges the entries of one image. */
export class LayerRules {
  readonly #limits: LayerLimits;
  readonly #counts: LayerCounts;
  /** what these rules added to the counts */
  readonly #own: LayerCounts = { files: 0, bytes: 0 };
  #raw = 0;

  /** @param counts are counted further */
  constructor(limits: LayerLimits, counts: LayerCounts) {
    this.#limits = limits;
    this.#counts = counts;
  }

  /**
   * @returns the entry in the form in which it is kept
   * @throws {ImageError} if the image is to be refused for this entry
   */
  see(entry: TarEntry): Omit<LayerEntry, 'offset'> {
    const path = plainPath(entry.path);
    this.count({ files: 1, bytes: entry.size });
    for (const [what, id] of Object.entries({ owner: entry.uid, group: entry.gid })) {
      if (id >= 0 && id <= LARGEST_ID) continue;
      throw new ImageError(`${shownPath(path)} has ${what} ${id}, which no file can have`);
    }
    checkXattrs(entry, path);
    const target = entry.kind === 'hard-link' ? plainPath(entry.target) : entry.target;
    if (entry.kind === 'link' && (target === '' || target.length > LONGEST_PATH)) {
      throw new ImageError(`the link ${shownPath(path)} has no target that a link can have`);
    }
    return { ...entry, path, target };
  }

  /** @throws {ImageError} where it is too much */
  count({ files, bytes }: Readonly<LayerCounts>): void {
    for (const each of [this.#counts, this.#own]) {
      each.files += files;
      each.bytes += bytes;
    }
    const { maxFiles, maxBytes } = this.#limits;
    if (this.#counts.files >= maxFiles) {
      throw new ImageError(
        `it has ${maxFiles} files or more: remove what nodes do not need, or raise images.maxFiles`,
      );
    }
    if (this.#counts.bytes > maxBytes) throw this.#tooLarge();
  }

  /** Takes back what was counted: it is going to be read again. */
  forget(): void {
    this.#counts.files -= this.#own.files;
    this.#counts.bytes -= this.#own.bytes;
  }

  /** @param length of a piece of the unpacked stream, also where it is no file at all */
  seeBytes(length: number): void {
    this.#raw += length;
    const most = this.#limits.maxBytes + (this.#counts.files + 1024) * ENTRY_OVERHEAD;
    if (this.#raw > most) throw this.#tooLarge();
  }

  #tooLarge(): ImageError {
    const { maxBytes, bytesReason } = this.#limits;
    return new ImageError(`unpacked it is larger than ${megabytes(maxBytes)} (${bytesReason})`);
  }
}

/** Parts with `/` between them. @throws {ImageError} if it climbs, or is none that a file can have */
function plainPath(path: string): string {
  const parts = path.split('/').filter((part) => part !== '' && part !== '.');
  if (parts.includes('..')) throw new ImageError(`a path of it climbs with ..: '${text(path)}'`);
  const plain = parts.join('/');
  if (plain.length > LONGEST_PATH || parts.some((part) => part.length > LONGEST_NAME)) {
    throw new ImageError(`a name of it is too long: '${text(path).slice(0, 80)}…'`);
  }
  return plain;
}

function checkXattrs({ xattrs }: TarEntry, path: string): void {
  let bytes = 0;
  for (const [name, value] of Object.entries(xattrs)) bytes += 8 + name.length + value.length;
  if (bytes <= MOST_XATTRS) return;
  throw new ImageError(
    `${shownPath(path)} has ${bytes} bytes of extended attributes, which is too much`,
  );
}

function text(path: string): string {
  return Buffer.from(path, 'latin1').toString();
}

function megabytes(bytes: number): string {
  return `${Math.max(0, Math.round(bytes / 1e6))} MB`;
}
