// Reads the layers of an image somewhere else, as the server does.
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import { describeImage } from '../../../../agent/images/content/described.ts';
import { LayerStore } from '../../../../agent/images/content/layers/layer-store.ts';
import type { ImageSource } from '../../../../agent/images/content/source.ts';
import { takeLayers } from '../../../../agent/images/intake/intake.ts';
import { Unpacker } from '../../../../agent/images/intake/unpacker/unpacker.ts';
import { temporaryFolder } from '../../temporary-folder.ts';

type Options = {
  /** of an earlier reading, whose layers are here; by default a new one */
  readonly state?: string;
  readonly stallMs?: number;
  readonly signal?: AbortSignal;
};

/** @returns diff IDs of the layers that are here then */
export async function readSource(
  t: ExecutionContext,
  source: ImageSource,
  { state, stallMs, signal }: Options = {},
) {
  const folder = state ?? (await temporaryFolder(t));
  const work = join(folder, `work-${performance.now()}`);
  await mkdir(work);
  const layers = new LayerStore(folder);
  const image = describeImage(source.manifest, source.config);
  await using unpacker = new Unpacker(() => undefined);
  signal?.addEventListener('abort', () => void unpacker.end());
  await takeLayers(image, source, {
    ...{ name: 'lab/web:v1', layers, unpacker, work, maxFiles: 1000, maxBytes: 1e9 },
    ...(stallMs === undefined ? {} : { stallMs }),
  });
  const here = await Promise.all(image.layers.map(({ diffId }) => layers.has(diffId)));
  return { state: folder, image, isWhole: here.every(Boolean) };
}
