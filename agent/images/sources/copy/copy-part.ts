// Brings one part of an image into the store of blobs: read, counted and digested as it is written, renamed when it is whole.
import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { WaltError } from '../../../errors.ts';
import type { Blobs, Descriptor } from '../../content/blobs.ts';
import type { ImageSource, PartPlace } from '../../content/source.ts';
import { shortDigest } from '../choice/documents.ts';
import { withoutAnswer } from '../registry/registry-error.ts';
import { BusyError, openPart } from './open-part.ts';

type Options = {
  readonly source: Pick<ImageSource, 'placeOf'>;
  readonly blobs: Blobs;
  /** folder for what is not yet whole, on the file system of the blobs */
  readonly work: string;
  readonly signal: AbortSignal;
  /** takes how many bytes more are there; fewer, where a try begins anew */
  readonly onBytes: (count: number) => void;
};

const MOST_RETRIES = 2;
const PAUSE_MS = 1000;
const LOST = new Set(['ECONNRESET', 'ECONNABORTED', 'EPIPE']);

/**
 * Does nothing where the part is here already.
 * @throws {WaltError} if it is not to be had, or is not what its digest says
 */
export async function copyPart(part: Descriptor, options: Options): Promise<void> {
  const { source, blobs, onBytes, signal } = options;
  if (await blobs.has(part.digest)) return onBytes(part.size);
  for (let retries = 0; ; retries += 1) {
    let count = 0;
    const counted = (bytes: number) => {
      count += bytes;
      onBytes(bytes);
    };
    const place = await source.placeOf(part);
    try {
      return await copyOnce(part, { ...options, place, onBytes: counted });
    } catch (thrown) {
      onBytes(-count);
      if (signal.aborted) throw signal.reason;
      if (retries === MOST_RETRIES || !isPassing(thrown)) throw thrown;
      await sleep(PAUSE_MS * 2 ** retries, undefined, { signal });
    }
  }
}

async function copyOnce(
  part: Descriptor,
  options: Options & { readonly place: PartPlace },
): Promise<void> {
  const { digest, size } = part;
  const { place, blobs, work, signal, onBytes } = options;
  const target = blobs.pathOf(digest);
  const whole = join(work, `part-${digest.replace(':', '-')}`);
  const [algorithm = ''] = digest.split(':');
  const hash = createHash(algorithm);
  let length = 0;
  const bytes = await openPart(place, signal);
  async function* counted() {
    for await (const piece of bytes) {
      length += piece.length;
      if (length > size) throw different(part);
      hash.update(piece);
      onBytes(piece.length);
      yield piece;
    }
  }
  try {
    await pipeline(counted, createWriteStream(whole), { signal }).catch((thrown: unknown) => {
      throw isLost(thrown) ? withoutAnswer(thrown) : thrown;
    });
    if (length !== size || digest !== `${algorithm}:${hash.digest('hex')}`) throw different(part);
    await mkdir(dirname(target), { recursive: true, mode: 0o700 });
    await rename(whole, target);
  } finally {
    await rm(whole, { force: true });
  }
}

function different({ digest }: Descriptor): WaltError {
  return new WaltError(`what it has as ${shortDigest(digest)} is something else`);
}

/** A registry that is busy, or a connection that broke off. */
function isPassing(thrown: unknown): boolean {
  return thrown instanceof BusyError || isLost((thrown as { cause?: unknown }).cause);
}

function isLost(thrown: unknown): boolean {
  return LOST.has(((thrown ?? {}) as { code?: string }).code ?? '');
}
