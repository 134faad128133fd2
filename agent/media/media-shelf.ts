// The folder of media: what of the table lies there, and the checksum of each. A checksum is computed once for each
// content of a file, chunk by chunk, so that the server answers machines meanwhile.
import { createHash } from 'node:crypto';
import type { BigIntStats } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import { KNOWN_MEDIA, type KnownMedium } from './known-media.ts';

/** A medium that is there. */
export type Medium = KnownMedium & {
  readonly path: string;
  readonly bytes: number;
  /** in hexadecimal digits */
  readonly sha256: string;
  /** when it was last written, milliseconds since 1970 */
  readonly modified: number;
};

/** One that somebody reads; the checksum is that of what they read. */
export type OpenMedium = Pick<Medium, 'bytes' | 'sha256'> & { readonly handle: FileHandle };

type Summed = { readonly state: string; readonly sha256: Promise<string> };

const CHUNK_BYTES = 1 << 18;

/** What is in the folder is read when it is asked for: media may come and go while the server runs. */
export class MediaShelf {
  /** undefined where this installation has none */
  readonly folder: string | undefined;
  readonly #sums = new Map<string, Summed>();
  /** One file is read at a time, whoever asks. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(folder: string | undefined) {
    this.folder = folder;
  }

  /** The media that can be read, in the order of the table. */
  async list(): Promise<readonly Medium[]> {
    const found: Medium[] = [];
    for (const known of KNOWN_MEDIA) {
      const medium = await this.#read(known);
      if (medium !== undefined) found.push(medium);
    }
    return found;
  }

  /** Path and size of a medium, without its checksum; undefined for what is not there. */
  async find(name: string): Promise<{ readonly path: string; readonly bytes: number } | undefined> {
    const known = KNOWN_MEDIA.find((medium) => medium.name === name);
    if (known === undefined || this.folder === undefined) return undefined;
    const path = join(this.folder, known.name);
    return await opened(path, async (handle) => {
      const status = await handle.stat();
      return status.isFile() ? { path, bytes: status.size } : undefined;
    });
  }

  /** A medium for who reads it, and closes it; undefined for what is not there. */
  async open(name: string): Promise<OpenMedium | undefined> {
    const found = await this.find(name);
    const handle = found && (await open(found.path, 'r').catch(() => undefined));
    if (handle === undefined) return undefined;
    try {
      const { state, size } = stateOf(await handle.stat({ bigint: true }));
      return { handle, bytes: size, sha256: await this.#sum(name, { state, handle }) };
    } catch (reason) {
      await handle.close();
      throw reason;
    }
  }

  async #read(known: KnownMedium): Promise<Medium | undefined> {
    const { folder } = this;
    if (folder === undefined) return undefined;
    const path = join(folder, known.name);
    return await opened(path, async (handle) => {
      const status = await handle.stat({ bigint: true });
      if (!status.isFile()) return undefined;
      const { state, size: bytes } = stateOf(status);
      const sha256 = await this.#sum(known.name, { state, handle });
      return { ...known, path, sha256, bytes, modified: Number(status.mtimeMs) };
    });
  }

  #sum(
    name: string,
    { state, handle }: { readonly state: string; readonly handle: FileHandle },
  ): Promise<string> {
    const summed = this.#sums.get(name);
    if (summed?.state === state) return summed.sha256;
    const sha256 = this.#last.then(() => sumOf(handle));
    this.#last = sha256.catch(() => undefined);
    this.#sums.set(name, { state, sha256 });
    // A disk that failed once may be well the next time.
    sha256.catch(() => this.#sums.delete(name));
    return sha256;
  }
}

/** What is another where the content may be another, and the bytes. */
function stateOf({ dev, ino, size, mtimeNs, ctimeNs }: BigIntStats) {
  return { state: [dev, ino, size, mtimeNs, ctimeNs].join('-'), size: Number(size) };
}

async function sumOf(handle: FileHandle): Promise<string> {
  const hash = createHash('sha256');
  const buffer = Buffer.allocUnsafeSlow(CHUNK_BYTES);
  for (let at = 0; ; ) {
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, at);
    if (bytesRead === 0) return hash.digest('hex');
    hash.update(buffer.subarray(0, bytesRead));
    at += bytesRead;
  }
}

/** What cannot be opened is not there, whatever the reason. */
async function opened<Result>(
  path: string,
  use: (handle: FileHandle) => Promise<Result>,
): Promise<Result | undefined> {
  const handle = await open(path, 'r').catch(() => undefined);
  if (handle === undefined) return undefined;
  try {
    return await use(handle);
  } finally {
    await handle.close();
  }
}
