// Brings an image from wherever it is into the store of blobs, several parts at a time. Parts that are here already, of
// another image or of a copy that was interrupted, are not read again.
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ImageError, messageOf } from '../../../errors.ts';
import type { Blobs, Descriptor } from '../../content/blobs.ts';
import type { Progress } from '../../content/progress.ts';
import type { ImageSource } from '../../content/source.ts';
import { digestOf, readDocument } from '../choice/documents.ts';
import { describeImage, type OciImage } from '../oci.ts';
import { copyPart } from './copy-part.ts';
import { CopyProgress } from './copy-progress.ts';

/** Where parts are copied to, and who follows. */
export type CopyOptions = {
  readonly blobs: Blobs;
  /** folder for what is not yet whole, on the file system of the blobs */
  readonly work: string;
  readonly progress: Progress;
  readonly signal?: AbortSignal;
  /** milliseconds without a byte after which the copy is given up, two minutes by default */
  readonly stallMs?: number;
};

const AT_ONCE = 3;
const STALL_MS = 120_000;

/** What an image consists of, beside its manifest. @throws {WaltError} if its manifest is none */
export function partsOf({ manifest: bytes }: Pick<ImageSource, 'manifest'>): {
  readonly config: Descriptor;
  readonly layers: readonly Descriptor[];
} {
  const document = readDocument(bytes);
  if (document.kind === 'manifest') return document.manifest;
  throw new ImageError('Cannot read an image: its manifest is a list');
}

/**
 * Copies what is not here yet; the manifest comes last.
 * @throws {ImageError} if a part is not to be had, or is not what its digest says
 */
export async function copySource(source: ImageSource, options: CopyOptions): Promise<OciImage> {
  const { blobs, work, progress, signal, stallMs = STALL_MS } = options;
  const { config, layers } = partsOf(source);
  const ended = new AbortController();
  const signals = signal === undefined ? [ended.signal] : [ended.signal, signal];
  const stalled = new Error(`it sent nothing for ${stallMs / 1000} seconds`);
  const stall = setTimeout(() => ended.abort(stalled), stallMs);
  const total = new CopyProgress(layers, progress);
  const onBytes = (count: number) => {
    stall.refresh();
    total.add(count);
  };
  const copy = { source, blobs, work, onBytes, signal: AbortSignal.any(signals) };
  const waiting = [...new Map(layers.map((layer) => [layer.digest, layer])).values()];
  const copyNext = async () => {
    for (let layer = waiting.shift(); layer !== undefined; layer = waiting.shift()) {
      await copyPart(layer, copy);
    }
  };
  try {
    const workers = Array.from({ length: AT_ONCE }, () => copyNext());
    // One that fails ends the others, and nobody writes any more once this returns.
    for (const worker of workers) worker.catch((thrown: unknown) => ended.abort(thrown));
    await Promise.allSettled(workers);
    copy.signal.throwIfAborted();
  } catch (cause) {
    const message = `Cannot read image ${source.shown}: ${messageOf(cause)}`;
    throw new ImageError(message, [], { cause });
  } finally {
    clearTimeout(stall);
  }
  await put(source.config, { digest: config.digest, blobs, work });
  const digest = digestOf(source.manifest);
  await put(source.manifest, { digest, blobs, work });
  return await describeImage(digest, blobs);
}

async function put(
  bytes: Uint8Array,
  {
    digest,
    blobs,
    work,
  }: { readonly digest: string; readonly blobs: Blobs; readonly work: string },
): Promise<void> {
  if (await blobs.has(digest)) return;
  const target = blobs.pathOf(digest);
  const whole = join(work, `document-${digest.replace(':', '-')}`);
  await writeFile(whole, bytes);
  await mkdir(dirname(target), { recursive: true, mode: 0o700 });
  await rename(whole, target);
}
