// The parts that images are made of (manifests, configurations, layers), each once, named by its digest:
// `<state>/blobs/sha256/<hex>`. A pull that was interrupted goes on with those that are there.
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { access, link, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ImageError } from '../../errors.ts';

export type Descriptor = {
  readonly mediaType?: string;
  readonly digest: string;
  readonly size: number;
  readonly annotations?: Readonly<Record<string, string>>;
};

export type Manifest = {
  readonly config: Descriptor;
  readonly layers: readonly Descriptor[];
};

/** The tag of the one image in a layout of ours. */
export const LAYOUT_TAG = 'image';

const DIGEST = /^[a-z0-9]+:[a-f0-9]{32,}$/;

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

  async has(digest: string): Promise<boolean> {
    return await access(this.pathOf(digest)).then(
      () => true,
      () => false,
    );
  }

  async readJson<Content>(digest: string): Promise<Content> {
    return JSON.parse(await readFile(this.pathOf(digest), 'utf8')) as Content;
  }

  async manifest(digest: string): Promise<Manifest> {
    return await this.readJson<Manifest>(digest);
  }

  /** Every blob of an image. */
  async partsOf(digest: string): Promise<string[]> {
    const { config, layers } = await this.manifest(digest);
    return [digest, config.digest, ...layers.map((layer) => layer.digest)];
  }

  /**
   * Makes an OCI layout of its own for one image, under tag `image`. Its blobs are the store's (hard links): new
   * ones may be added to it, those that are there must not be written to.
   * @throws {ImageError} if parts of the image are not here
   */
  async makeLayout(digest: string, layout: string): Promise<void> {
    const parts = await this.partsOf(digest).catch((cause: unknown) => {
      throw incomplete(digest, cause);
    });
    for (const part of new Set(parts)) {
      const target = join(layout, 'blobs', ...part.split(':'));
      await mkdir(dirname(target), { recursive: true });
      await link(this.pathOf(part), target).catch((cause: unknown) => {
        throw incomplete(digest, cause);
      });
    }
    const { length: size } = await readFile(this.pathOf(digest));
    await writeIndex(layout, { digest, size });
  }

  /** Deletes what no image of `digests` is made of. @returns how many */
  async keepOnly(digests: readonly string[]): Promise<number> {
    const wanted = await this.#partsOfAll(digests);
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
      for (const part of await this.partsOf(digest).catch(() => [])) parts.add(part);
    }
    return parts;
  }

  /** Whether its content is what its name says. */
  async isSound(digest: string): Promise<boolean> {
    const hash = createHash('sha256');
    try {
      for await (const piece of createReadStream(this.pathOf(digest))) hash.update(piece);
    } catch (thrown) {
      if ((thrown as NodeJS.ErrnoException).code === 'ENOENT') return false;
      throw thrown;
    }
    return digest === `sha256:${hash.digest('hex')}`;
  }

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
