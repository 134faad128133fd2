// Brings an image from wherever it is into the store of blobs, and reads what it says of itself.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ImageError, messageOf } from '../errors.ts';
import { runProgram } from '../program.ts';
import { type Blobs, type Descriptor, LAYOUT_TAG } from './blobs.ts';

/** Where an image comes from, as `skopeo copy` wants to be told. */
export type OciSource = {
  /** with its transport, as `oci-archive:/path` */
  readonly reference: string;
  /** further arguments, none of them secret */
  readonly args?: readonly string[];
  /** for messages */
  readonly shown: string;
};

export type OciImage = {
  /** of the manifest, `sha256:…` */
  readonly digest: string;
  readonly labels: Readonly<Record<string, string>>;
  /** as Go names it: amd64, arm, arm64, 386 */
  readonly architecture: string;
  /** digests of the layers, lowest first */
  readonly layers: readonly string[];
};

type ImageConfig = {
  readonly architecture?: string;
  readonly config?: { readonly Labels?: Readonly<Record<string, string>> | null };
};

/**
 * Copies the blobs that are not here yet.
 * @param work folder for what is not yet whole
 * @throws {ImageError} if there is no image to be had
 */
export async function copyToBlobs(
  source: OciSource,
  {
    blobs,
    work,
    signal,
  }: { readonly blobs: Blobs; readonly work: string; readonly signal?: AbortSignal },
): Promise<OciImage> {
  const target = join(work, 'copied');
  const args = [
    ...['--insecure-policy', 'copy', '--quiet', '--remove-signatures', ...(source.args ?? [])],
    ...['--dest-shared-blob-dir', blobs.folder, source.reference, `oci:${target}:${LAYOUT_TAG}`],
  ];
  try {
    await runProgram('skopeo', args, signal === undefined ? {} : { signal });
  } catch (cause) {
    throw new ImageError(`Cannot read an OCI image from ${source.shown}: ${messageOf(cause)}`, [], {
      cause,
    });
  }
  const index = JSON.parse(await readFile(join(target, 'index.json'), 'utf8')) as {
    manifests: Descriptor[];
  };
  const manifest = index.manifests[0];
  if (manifest === undefined) throw new ImageError(`Cannot find an image in ${source.shown}`);
  return await describeImage(manifest.digest, blobs);
}

/** What the image with this manifest says of itself. */
export async function describeImage(digest: string, blobs: Blobs): Promise<OciImage> {
  const manifest = await blobs.manifest(digest);
  const { architecture = '', config } = await blobs.readJson<ImageConfig>(manifest.config.digest);
  const labels = config?.Labels ?? {};
  return { digest, labels, architecture, layers: manifest.layers.map((layer) => layer.digest) };
}

/** Unpacks the image of a layout of ours into `bundle`; its files are then in `bundle/rootfs`. */
export async function unpackLayout(layout: string, bundle: string): Promise<void> {
  await runProgram('umoci', ['unpack', '--image', `${layout}:${LAYOUT_TAG}`, bundle]);
}
