// What an image in the store of blobs says of itself, and its unpacking.
import { WaltError } from '../../errors.ts';
import { runProgram } from '../../host/program.ts';
import { type Blobs, LAYOUT_TAG } from '../content/blobs.ts';
import { complaintOf } from './complaint.ts';

/** What an image says of itself. */
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
  }).catch((cause: unknown) => {
    throw new WaltError(`its layers cannot be unpacked: ${complaintOf(cause)}`, { cause });
  });
}
