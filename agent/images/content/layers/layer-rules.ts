// What the layers of an image may hold. Each entry is judged before anything of the image is unpacked.
import { ImageError } from '../../../errors.ts';
import type { TarEntry } from './tar-entries.ts';

export type LayerLimits = {
  readonly maxFiles: number;
  readonly maxBytes: number;
  /** says what sets `maxBytes` */
  readonly bytesReason: string;
};

const MOST_LINKS = 40;
/** Tar headers and padding of one entry, generously. */
const ENTRY_OVERHEAD = 4096;

/** What a Debian has in /dev before anything is mounted there: major and minor (Linux, admin-guide/devices). */
const HARMLESS_DEVICES: Readonly<Record<string, readonly [number, number]>> = {
  'dev/null': [1, 3],
  'dev/zero': [1, 5],
  'dev/full': [1, 7],
  'dev/random': [1, 8],
  'dev/urandom': [1, 9],
  'dev/tty': [5, 0],
  'dev/console': [5, 1],
  'dev/ptmx': [5, 2],
};

export class LayerRules {
  readonly #limits: LayerLimits;
  readonly #links = new Map<string, string>();
  #files = 0;
  #bytes = 0;
  #raw = 0;

  constructor(limits: LayerLimits) {
    this.#limits = limits;
  }

  /** Bytes of all files so far. */
  get bytes(): number {
    return this.#bytes;
  }

  /** @throws {ImageError} if the image is to be refused for this entry */
  see(entry: TarEntry): void {
    this.#count(entry);
    const path = this.#placeOf(entry.path);
    checkDevice(entry, path);
    if (entry.type === 'hard-link') this.#placeOf(entry.target);
    if (entry.type === 'link') this.#links.set(path, entry.target);
    else if (entry.type !== 'folder') this.#links.delete(path);
  }

  /** @param length of a piece of the unpacked stream, also where it is no file at all */
  seeBytes(length: number): void {
    this.#raw += length;
    const most = this.#limits.maxBytes + (this.#files + 1024) * ENTRY_OVERHEAD;
    if (this.#raw > most) throw this.#tooLarge();
  }

  #count({ type, size }: TarEntry): void {
    this.#files += 1;
    if (type === 'file') this.#bytes += size;
    const { maxFiles, maxBytes } = this.#limits;
    if (this.#files >= maxFiles) {
      throw new ImageError(
        `it has ${maxFiles} files or more: remove what nodes do not need, or raise images.maxFiles`,
      );
    }
    if (this.#bytes > maxBytes) throw this.#tooLarge();
  }

  #tooLarge(): ImageError {
    const { maxBytes, bytesReason } = this.#limits;
    return new ImageError(`unpacked it is larger than ${megabytes(maxBytes)} (${bytesReason})`);
  }

  /** Where an entry ends up once the links of the image are followed; never out of it. */
  #placeOf(path: string): string {
    const parts = split(path);
    if (parts.includes('..')) throw trick(path, 'climbs with ..');
    const last = parts.pop();
    let done: string[] = [];
    let links = 0;
    while (parts.length > 0) {
      const part = parts.shift() ?? '';
      if (part === '..') {
        if (done.pop() === undefined) throw trick(path, 'follows a link out of the image');
        continue;
      }
      const target = this.#links.get([...done, part].join('/'));
      if (target === undefined) {
        done.push(part);
        continue;
      }
      links += 1;
      if (links > MOST_LINKS) throw trick(path, 'follows links in a circle');
      if (target.startsWith('/')) done = [];
      parts.unshift(...split(target));
    }
    return last === undefined ? '' : [...done, last].join('/');
  }
}

function checkDevice({ type, path: shown, major, minor }: TarEntry, path: string): void {
  if (type === 'other') throw new ImageError(`/${shown} is of a kind that no image has`);
  if (type !== 'character' && type !== 'block') return;
  const harmless = HARMLESS_DEVICES[path];
  if (type === 'character' && harmless?.[0] === major && harmless[1] === minor) return;
  throw new ImageError(
    `/${path} is a device file (${type} ${major}:${minor}): remove it, nodes make their own in /dev`,
  );
}

function trick(path: string, how: string): ImageError {
  return new ImageError(`a path of it ${how}: '${path}'`);
}

function split(path: string): string[] {
  return path.split('/').filter((part) => part !== '' && part !== '.');
}

function megabytes(bytes: number): string {
  return `${Math.max(0, Math.round(bytes / 1e6))} MB`;
}
