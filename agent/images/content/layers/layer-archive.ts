// The archive of a layer again, byte for byte as it came, made of what is kept of it.
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { createZstdDecompress } from 'node:zlib';
import { LayerData } from './layer-data.ts';
import { layerFiles, readIndex } from './layer-files.ts';
import { ByteSource } from './tar/byte-source.ts';

/**
 * Uncompressed. @param folder of the layer
 * @throws {Error} of node:fs if it cannot be read; {TarError} if a part of it is missing
 */
export async function* archiveOf(folder: string): AsyncGenerator<Buffer> {
  const { frame } = layerFiles(folder);
  const { segments } = await readIndex(folder);
  const compressed = createReadStream(frame);
  const rest = new ByteSource(compressed.pipe(createZstdDecompress()));
  const content = new LayerData(folder);
  try {
    for (const [frameBytes, start, length] of segments) {
      yield (await rest.take(frameBytes)) ?? Buffer.alloc(0);
      yield* content.read(start, length);
    }
  } finally {
    compressed.destroy();
    await content.close();
  }
}

/** Whether all of a layer is what its name says. */
export async function layerSound(folder: string, diffId: string): Promise<boolean> {
  const hash = createHash('sha256');
  try {
    for await (const piece of archiveOf(folder)) hash.update(piece);
  } catch {
    return false;
  }
  return diffId === `sha256:${hash.digest('hex')}`;
}
