// Brings an image from wherever it is into the store of blobs, and reads what it says of itself.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ImageError, messageOf } from '../../errors.ts';
import { runProgram } from '../../host/program.ts';
import { type Blobs, type Descriptor, LAYOUT_TAG } from '../content/blobs.ts';
import { watchCopy } from './copy-progress.ts';

/** Where an image comes from, as `skopeo copy` wants to be told. */
export type OciSource = {
  /** with its transport, as `oci-archive:/path` */
  readonly reference: string;
  /** further arguments, none of them secret */
  readonly args?: readonly string[];
  /** for messages */
  readonly shown: string;
  /** what it consists of, where that is known beforehand */
  readonly parts?: readonly Descriptor[];
};

export type CopyOptions = {
  readonly blobs: Blobs;
  /** folder for what is not yet whole */
  readonly work: string;
  readonly progress: (step: string) => void;
  readonly signal?: AbortSignal;
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
 * @throws {ImageError} if there is no image to be had
 */
export async function copyToBlobs(source: OciSource, options: CopyOptions): Promise<OciImage> {
  const { blobs, work } = options;
  const target = join(work, 'copied');
  await copy(source, { ...options, target });
  const index = JSON.parse(await readFile(join(target, 'index.json'), 'utf8')) as {
    manifests: Descriptor[];
  };
  const manifest = index.manifests[0];
  if (manifest === undefined) throw new ImageError(`Cannot find an image in ${source.shown}`);
  return await describeImage(manifest.digest, blobs);
}

async function copy(
  { reference, args = [], shown, parts = [] }: OciSource,
  options: CopyOptions & { readonly target: string },
): Promise<void> {
  const { blobs, progress, signal, target } = options;
  const stall = new AbortController();
  const onStall = () => stall.abort();
  const stop = watchCopy({ parts, blobs, work: target, progress, onStall });
  const how = ['--insecure-policy', 'copy', '--quiet', '--remove-signatures', ...args];
  const where = ['--dest-shared-blob-dir', blobs.folder, reference, `oci:${target}:${LAYOUT_TAG}`];
  try {
    await runProgram('skopeo', [...how, ...where], {
      diesWithUs: true,
      signal: signal === undefined ? stall.signal : AbortSignal.any([signal, stall.signal]),
    });
  } catch (cause) {
    const why = stall.signal.aborted ? 'it sent nothing for two minutes' : complaintOf(cause);
    throw new ImageError(`Cannot read an OCI image from ${shown}: ${why}`, [], { cause });
  } finally {
    stop();
  }
}

/** What skopeo complains of, without time, level and the name of the program. */
export function complaintOf(thrown: unknown): string {
  const message = messageOf(thrown);
  const complaint = /level=fatal msg="((?:[^"\\]|\\.)*)"/.exec(message)?.[1];
  return complaint === undefined
    ? message
    : complaint.replaceAll('\\"', '"').replaceAll('\\n', ' ');
}

/** What the image with this manifest says of itself. */
export async function describeImage(digest: string, blobs: Blobs): Promise<OciImage> {
  const manifest = await blobs.manifest(digest);
  const { architecture = '', config } = await blobs.readJson<ImageConfig>(manifest.config.digest);
  const labels = config?.Labels ?? {};
  return { digest, labels, architecture, layers: manifest.layers.map((layer) => layer.digest) };
}

/** Unpacks the image of a layout of ours into the new folder `rootfs`: whiteouts, hard links, attributes, owners. */
export async function unpackLayout(layout: string, rootfs: string): Promise<void> {
  await runProgram('umoci', ['raw', 'unpack', '--image', `${layout}:${LAYOUT_TAG}`, rootfs], {
    diesWithUs: true,
  });
}
