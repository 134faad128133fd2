// The parts that images are made of (manifests, configurations, layers), each once, named by its digest:
// `<state>/blobs/sha256/<hex>`. A pull that was interrupted goes on with those that are there.
import { randomUUID } from 'node:crypto';
import { access, mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ImageError } from '../../errors.ts';
import { type DescribedImage, describeImage } from './described.ts';
import type { Descriptor, Manifest } from './descriptor.ts';
import { digestOf } from './digest.ts';
import type { ImageSource, PartPlace } from './source.ts';

/** The tag of the one image in a layout of ours. */
export const LAYOUT_TAG = 'image';

const DIGEST = /^[a-z0-9]+:[a-f0-9]{32,}$/;

/** The parts of all images, by digest. */
export class Blobs {
  readonly folder: string;

  constructor(state: string) {
    this.folder = join(state, 'blobs');
  }

  /** @throws {ImageError} if it is no digest, so that no path is ever made of one */
  pathOf(digest: string): string {
    if (!DIGEST.test(digest)) throw new ImageError(`'${digest}' is not a digest`);
    return join(this.folder, ...digest.split(':'));
  }

  /** Whether the part is here. @throws {ImageError} if it is no digest */
  async has(digest: string): Promise<boolean> {
    return await access(this.pathOf(digest)).then(
      () => true,
      () => false,
    );
  }

  /** Every blob of an image. */
  async partsOf(digest: string): Promise<string[]> {
    const { config, layers } = JSON.parse(await readFile(this.pathOf(digest), 'utf8')) as Manifest;
    return [digest, config.digest, ...layers.map((layer) => layer.digest)];
  }

  /** What an image says of itself. @throws {ImageError} if its documents are not here */
  async describe(digest: string): Promise<DescribedImage> {
    try {
      const { manifest, config } = await this.documents(digest);
      return describeImage(manifest, config);
    } catch (cause) {
      throw incomplete(digest, cause);
    }
  }

  /** Manifest and configuration of an image, byte for byte. @throws {ImageError} if they are not here */
  async documents(digest: string): Promise<Pick<ImageSource, 'manifest' | 'config'>> {
    try {
      const manifest = await readFile(this.pathOf(digest));
      const { config } = JSON.parse(manifest.toString()) as Manifest;
      return { manifest, config: await readFile(this.pathOf(config.digest)) };
    } catch (cause) {
      throw incomplete(digest, cause);
    }
  }

  /** Digests of what the layers of images hold; those of images that an early server took in may be missing. */
  async diffIdsOf(digests: Iterable<string>): Promise<Set<string>> {
    const found = new Set<string>();
    for (const digest of digests) {
      if (!(await this.has(digest))) continue;
      for (const { diffId } of (await this.describe(digest)).layers) found.add(diffId);
    }
    return found;
  }

  /** Keeps a document. @throws {ImageError} if `digest` is none, or not that of the bytes */
  async put(digest: string, bytes: Uint8Array): Promise<void> {
    if (digest !== digestOf(bytes))
      throw new ImageError(`a part of it is not what its digest says (${digest})`);
    const path = this.pathOf(digest);
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    const unfinished = `${path}.${randomUUID()}`;
    await writeFile(unfinished, bytes, { mode: 0o600, flush: true });
    await rename(unfinished, path);
  }

  /** Where a layer is that an earlier server kept as it was sent. @throws {ImageError} if it is not here */
  async placeOf({ digest }: Descriptor): Promise<PartPlace> {
    const length = await this.sizeOf(digest).catch((cause: unknown) => {
      throw incomplete(digest, cause);
    });
    return { kind: 'file', path: this.pathOf(digest), offset: 0, length };
  }

  /** Bytes. @throws {Error} of node:fs if it is not here */
  async sizeOf(digest: string): Promise<number> {
    return (await stat(this.pathOf(digest))).size;
  }

  /**
   * Deletes what no image of `digests` is made of, and layers that an early server kept as they were sent, once they are kept
   * otherwise.
   * @param isKept whether a layer with this diff ID is
   * @returns how many
   * @throws {ImageError} with nothing deleted, if a manifest cannot be read
   */
  async keepOnly(
    digests: readonly string[],
    isKept: (diffId: string) => Promise<boolean>,
  ): Promise<number> {
    const wanted = await this.#partsOfAll(digests);
    for (const digest of digests) {
      if (!(await this.has(digest))) continue;
      for (const { descriptor, diffId } of (await this.describe(digest)).layers) {
        if (await isKept(diffId)) wanted.delete(descriptor.digest);
      }
    }
    let removed = 0;
    for (const algorithm of await readdir(this.folder).catch(() => [])) {
      for (const name of await readdir(join(this.folder, algorithm))) {
        if (wanted.has(`${algorithm}:${name}`)) continue;
        await rm(join(this.folder, algorithm, name), { force: true });
        removed += 1;
      }
    }
    return removed;
  }

  /** Deletes the parts of an image that none of `others` needs. */
  async removeImage(digest: string, others: readonly string[]): Promise<void> {
    const wanted = await this.#partsOfAll(others);
    for (const part of await this.partsOf(digest)) {
      if (!wanted.has(part)) await this.remove(part);
    }
  }

  async #partsOfAll(digests: readonly string[]): Promise<Set<string>> {
    const parts = new Set<string>();
    for (const digest of digests) {
      // Only of an image that an early server took in there is no manifest. Without those of others nothing may be deleted.
      const hasNone = (thrown: NodeJS.ErrnoException) => {
        if (thrown.code === 'ENOENT') return [];
        throw new ImageError(`Cannot tell what image ${digest} consists of`, [], { cause: thrown });
      };
      for (const part of await this.partsOf(digest).catch(hasNone)) parts.add(part);
    }
    return parts;
  }

  /** Does nothing where the part is not here. */
  async remove(digest: string): Promise<void> {
    await rm(this.pathOf(digest), { force: true });
  }
}

function incomplete(digest: string, cause: unknown): ImageError {
  const short = digest.slice(0, 19);
  return new ImageError(
    `The parts of image ${short}… are not all here: it was taken in by an early server. Import it again.`,
    [],
    { cause },
  );
}

/** Makes a folder with blobs an OCI layout whose one image has this manifest. */
export async function writeIndex(
  layout: string,
  descriptor: Pick<Descriptor, 'digest' | 'size'>,
): Promise<void> {
  const manifest = {
    mediaType: 'application/vnd.oci.image.manifest.v1+json',
    ...descriptor,
    annotations: { 'org.opencontainers.image.ref.name': LAYOUT_TAG },
  };
  await writeFile(join(layout, 'oci-layout'), JSON.stringify({ imageLayoutVersion: '1.0.0' }));
  await writeFile(
    join(layout, 'index.json'),
    JSON.stringify({ schemaVersion: 2, manifests: [manifest] }),
  );
}
