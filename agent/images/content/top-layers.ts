// The upper layers of an image as an image of their own, for programs that unpack whole images only.
import { createHash } from 'node:crypto';
import { link, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Blobs, type Descriptor, writeIndex } from './blobs.ts';

type Config = { readonly rootfs?: { readonly diff_ids?: readonly string[] } };

/**
 * @param layout for the new folder; its layers are the store's (hard links)
 * @param options.below so many of the lowest layers are left out
 * @returns false where the image does not say what each layer holds
 */
export async function makeTopLayout(
  digest: string,
  {
    layout,
    blobs,
    below,
  }: { readonly layout: string; readonly blobs: Blobs; readonly below: number },
): Promise<boolean> {
  const manifest = await blobs.manifest(digest);
  const config = await blobs.readJson<Config>(manifest.config.digest);
  const diffIds = config.rootfs?.diff_ids ?? [];
  if (diffIds.length !== manifest.layers.length) return false;
  const folder = join(layout, 'blobs/sha256');
  await mkdir(folder, { recursive: true });
  const layers = manifest.layers.slice(below);
  for (const each of new Set(layers.map((layer) => layer.digest))) {
    await link(blobs.pathOf(each), join(layout, 'blobs', ...each.split(':')));
  }
  const rootfs = { type: 'layers', diff_ids: diffIds.slice(below) };
  const put = (value: object) => writeBlob(folder, value);
  const ownConfig = await put({ ...config, history: [], rootfs });
  await writeIndex(
    layout,
    await put({ ...manifest, config: { ...manifest.config, ...ownConfig }, layers }),
  );
  return true;
}

async function writeBlob(
  folder: string,
  value: object,
): Promise<Pick<Descriptor, 'digest' | 'size'>> {
  const bytes = Buffer.from(JSON.stringify(value));
  const hex = createHash('sha256').update(bytes).digest('hex');
  await writeFile(join(folder, hex), bytes);
  return { digest: `sha256:${hex}`, size: bytes.length };
}
