// Packs a root file system as an OCI image of one layer, in one archive that `skopeo` reads as `oci-archive:`.
//
//   oci-layout, index.json → blobs/sha256/<manifest> → <config>, <layer>.tar.gz        (OCI image specification 1.0)
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { settleTar } from '../archive/tar-headers.ts';
import { $ } from '../run.ts';

type Descriptor = { readonly mediaType: string; readonly digest: string; readonly size: number };

/** What the image says of itself. */
export type OciImage = {
  readonly reference: string;
  /** Debian's name. */
  readonly architecture: string;
  readonly labels: Readonly<Record<string, string>>;
  /** No file in it is younger, so that the same files give the same bytes whenever they are packed. */
  readonly created: Date;
};

/** Writes the archive. `scratch` is a folder for its parts, removed at the end. */
export async function writeOciArchive(
  archive: string,
  options: { readonly root: string; readonly image: OciImage; readonly scratch: string },
): Promise<void> {
  const { root, image, scratch } = options;
  const blobs = join(scratch, 'blobs/sha256');
  await mkdir(blobs, { recursive: true });
  const created = image.created.toISOString();
  const { layer, diffId } = await packLayer(root, { blobs, created });
  const config = await writeBlob(blobs, 'application/vnd.oci.image.config.v1+json', {
    created,
    ...platformOf(image.architecture),
    os: 'linux',
    config: { Labels: image.labels, Cmd: ['/bin/bash'] },
    rootfs: { type: 'layers', diff_ids: [diffId] },
    history: [{ created, created_by: 'npm run images' }],
  });
  const manifest = await writeBlob(blobs, 'application/vnd.oci.image.manifest.v1+json', {
    schemaVersion: 2,
    mediaType: 'application/vnd.oci.image.manifest.v1+json',
    config,
    layers: [layer],
  });
  const annotations = { 'org.opencontainers.image.ref.name': image.reference };
  await writeFile(join(scratch, 'oci-layout'), JSON.stringify({ imageLayoutVersion: '1.0.0' }));
  await writeFile(
    join(scratch, 'index.json'),
    JSON.stringify({ schemaVersion: 2, manifests: [{ ...manifest, annotations }] }),
  );
  const plain = ['--format=ustar', '--sort=name', `--mtime=${created}`, '--mode=u=rwX,go=rX'];
  await $`tar --create --file ${archive} --directory ${scratch} --owner=0 --group=0 --numeric-owner ${plain} oci-layout index.json blobs`;
  await settleTar(archive);
  await rm(scratch, { recursive: true });
}

/** Debian's architectures as OCI calls them (image specification, config: GOARCH and its variant). */
const PLATFORMS: Readonly<Record<string, { architecture: string; variant?: string }>> = {
  amd64: { architecture: 'amd64' },
  i386: { architecture: '386' },
  arm64: { architecture: 'arm64', variant: 'v8' },
  armhf: { architecture: 'arm', variant: 'v7' },
  armel: { architecture: 'arm', variant: 'v5' },
};

function platformOf(architecture: string) {
  const platform = PLATFORMS[architecture];
  if (platform === undefined) throw new RangeError(`Cannot pack an image of ${architecture}`);
  return platform;
}

/** Left to itself tar writes down its process number, and when each file was read. */
const PAX = 'exthdr.name=%d/PaxHeaders/%f,delete=atime,delete=ctime';

/**
 * gzip at its quickest: bookworm's umoci reads nothing newer, and packing is what the builder waits for. GNU gzip, whose
 * output has been the same for decades; zlib, as in Node.js, varies with version and processor.
 */
async function packLayer(
  root: string,
  { blobs, created }: { readonly blobs: string; readonly created: string },
): Promise<{ readonly layer: Descriptor; readonly diffId: string }> {
  const tar = join(blobs, 'layer.tar');
  const clamped = [`--mtime=${created}`, '--clamp-mtime', `--pax-option=${PAX}`];
  await $`tar --create --file ${tar} --directory ${root} --sort=name --numeric-owner --xattrs --xattrs-include=* ${clamped} .`;
  await settleTar(tar);
  const packed = join(blobs, 'layer');
  const [diffId] = await Promise.all([digestOf(tar), $`gzip -1 -n < ${tar} > ${packed}`]);
  await rm(tar);
  const layer = await describe(packed, 'application/vnd.oci.image.layer.v1.tar+gzip');
  await rename(packed, join(blobs, layer.digest.slice('sha256:'.length)));
  return { layer, diffId };
}

async function writeBlob(blobs: string, mediaType: string, value: object): Promise<Descriptor> {
  const file = join(blobs, 'blob');
  await writeFile(file, JSON.stringify(value));
  const blob = await describe(file, mediaType);
  await rename(file, join(blobs, blob.digest.slice('sha256:'.length)));
  return blob;
}

async function describe(file: string, mediaType: string): Promise<Descriptor> {
  const { size } = await stat(file);
  return { mediaType, digest: await digestOf(file), size };
}

async function digestOf(file: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const piece of createReadStream(file)) hash.update(piece);
  return `sha256:${hash.digest('hex')}`;
}
