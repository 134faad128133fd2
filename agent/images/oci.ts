// Brings an OCI archive or layout from disk into a private layout, and reads what it says of itself.
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { ImageError, messageOf, RequestError } from '../errors.ts';
import { runProgram } from '../program.ts';

export type OciImage = {
  /** OCI layout folder that holds this image alone, under tag `image` */
  readonly layout: string;
  /** of the manifest, `sha256:…` */
  readonly digest: string;
  readonly labels: Readonly<Record<string, string>>;
  /** name that the source gives the image, if any */
  readonly refName?: string;
};

const TAG = 'image';
const REF_NAME = 'org.opencontainers.image.ref.name';

type Descriptor = { digest: string; annotations?: Record<string, string> };

/**
 * Copies the image at `source` into a layout in `folder`.
 * @param source an OCI layout folder, or an OCI archive (tar, also compressed)
 * @throws {RequestError} if there is nothing at `source`
 * @throws {ImageError} if it is no OCI image, or holds none or several
 */
export async function copyToLayout(source: string, folder: string): Promise<OciImage> {
  const kind = await kindOf(source);
  const layout = join(folder, 'oci');
  try {
    await runProgram('skopeo', [
      '--insecure-policy',
      'copy',
      '--quiet',
      `${kind}:${source}`,
      `oci:${layout}:${TAG}`,
    ]);
  } catch (cause) {
    throw new ImageError(`Cannot read an OCI image from ${source}: ${messageOf(cause)}`, [], {
      cause,
    });
  }
  const index = await readJson<{ manifests: Descriptor[] }>(join(layout, 'index.json'));
  const manifest = index.manifests[0];
  if (manifest === undefined) throw new ImageError(`Cannot find an image in ${source}`);
  const refName = await refNameOf(kind, source);
  return {
    layout,
    digest: manifest.digest,
    labels: await readLabels(layout, manifest.digest),
    ...(refName === undefined ? {} : { refName }),
  };
}

/** Unpacks the image of a private layout into `bundle`; its files are then in `bundle/rootfs`. */
export async function unpackLayout(layout: string, bundle: string): Promise<void> {
  await runProgram('umoci', ['unpack', '--image', `${layout}:${TAG}`, bundle]);
}

async function kindOf(source: string): Promise<'oci' | 'oci-archive'> {
  try {
    const status = await stat(source);
    return status.isDirectory() ? 'oci' : 'oci-archive';
  } catch (cause) {
    throw new RequestError(404, `Cannot import ${source}: there is no such file or folder`, {
      cause,
    });
  }
}

async function refNameOf(kind: 'oci' | 'oci-archive', source: string): Promise<string | undefined> {
  const text =
    kind === 'oci'
      ? await readFile(join(source, 'index.json'), 'utf8')
      : await runProgram('tar', ['-xOf', source, '--occurrence=1', '--no-anchored', 'index.json']);
  const index = JSON.parse(text) as { manifests: Descriptor[] };
  return index.manifests[0]?.annotations?.[REF_NAME];
}

async function readLabels(layout: string, digest: string): Promise<Record<string, string>> {
  const manifest = await readBlob<{ config: Descriptor }>(layout, digest);
  const config = await readBlob<{ config?: { Labels?: Record<string, string> } }>(
    layout,
    manifest.config.digest,
  );
  return config.config?.Labels ?? {};
}

async function readBlob<Content>(layout: string, digest: string): Promise<Content> {
  return await readJson<Content>(join(layout, 'blobs', ...digest.split(':')));
}

async function readJson<Content>(path: string): Promise<Content> {
  return JSON.parse(await readFile(path, 'utf8')) as Content;
}
