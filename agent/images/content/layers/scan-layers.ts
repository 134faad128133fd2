// Reads the layers of a copied image through, before any of it is unpacked.
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { pipeline, Transform } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { ImageError, messageOf, WaltError } from '../../../errors.ts';
import type { Blobs } from '../blobs.ts';
import { type LayerLimits, LayerRules } from './layer-rules.ts';
import { tarEntries } from './tar-entries.ts';

const GZIP = '1f8b';
const ZSTD = '28b52ffd';

/**
 * @param layers digests, lowest first
 * @returns bytes of all files, as they are unpacked
 * @throws {ImageError} that says what the image must not have
 * @throws {WaltError} if a layer cannot be read
 */
export async function scanLayers(
  layers: readonly string[],
  { blobs, limits }: { readonly blobs: Blobs; readonly limits: LayerLimits },
): Promise<number> {
  const rules = new LayerRules(limits);
  for (const [index, digest] of layers.entries()) {
    try {
      for await (const entry of tarEntries(await openLayer(blobs.pathOf(digest), rules))) {
        rules.see(entry);
      }
    } catch (cause) {
      const message = `layer ${index + 1} of ${layers.length}: ${messageOf(cause)}`;
      throw cause instanceof ImageError
        ? new ImageError(message, [], { cause })
        : new WaltError(`Cannot read ${message}`, { cause });
    }
  }
  return rules.bytes;
}

async function openLayer(path: string, rules: LayerRules): Promise<AsyncIterable<Uint8Array>> {
  const magic = await firstBytes(path);
  if (magic.startsWith(ZSTD)) {
    throw new ImageError('it is compressed with zstd: push the image with gzip layers');
  }
  const file = createReadStream(path, { highWaterMark: 1 << 18 });
  const counter = new Transform({
    readableHighWaterMark: 1 << 20,
    transform(piece: Buffer, _encoding, done) {
      try {
        rules.seeBytes(piece.length);
        done(null, piece);
      } catch (reason) {
        done(reason as Error);
      }
    },
  });
  const unpack = magic.startsWith(GZIP) ? [createGunzip({ chunkSize: 1 << 18 })] : [];
  // An error anywhere is thrown to whoever reads the last of them.
  pipeline([file, ...unpack, counter], () => undefined);
  return counter;
}

async function firstBytes(path: string): Promise<string> {
  const file = await open(path);
  try {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(4), 0, 4, 0);
    return buffer.subarray(0, bytesRead).toString('hex');
  } finally {
    await file.close();
  }
}
