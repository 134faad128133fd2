// The layers of all images: `<state>/layers/<hex of the diff ID>`, each a folder as `layer-files.ts` says. One that is here is
// whole; it was read elsewhere and then moved here.
import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { ImageError } from '../../../errors.ts';
import { layerFiles } from './layer-files.ts';

const DIFF_ID = /^sha256:[a-f0-9]{64}$/;

/** Layers by the digest of their uncompressed archive: however they were compressed on their way, they are here once. */
export class LayerStore {
  readonly folder: string;
  readonly #doomed: string;

  /** @param state holds `layers` and `tmp` */
  constructor(state: string) {
    this.folder = join(state, 'layers');
    this.#doomed = join(state, 'tmp');
  }

  /** Folder of a layer. @throws {ImageError} if it is no digest, so that no path is ever made of one */
  folderOf(diffId: string): string {
    if (!DIFF_ID.test(diffId)) throw new ImageError(`'${diffId}' is not a digest`);
    return join(this.folder, diffId.slice('sha256:'.length));
  }

  /** Whether the layer is here. @throws {ImageError} if it is no digest */
  async has(diffId: string): Promise<boolean> {
    return await stat(layerFiles(this.folderOf(diffId)).index).then(
      () => true,
      () => false,
    );
  }

  /** Takes a layer that was read into another folder of this file system. */
  async put(diffId: string, from: string): Promise<void> {
    await mkdir(this.folder, { recursive: true, mode: 0o700 });
    await rename(from, this.folderOf(diffId)).catch(async (thrown: NodeJS.ErrnoException) => {
      // Another image brought the same layer meanwhile.
      if (thrown.code !== 'ENOTEMPTY' && thrown.code !== 'EEXIST') throw thrown;
      await rm(from, { recursive: true, force: true });
    });
  }

  /** Does nothing where the layer is not here. */
  async remove(diffId: string): Promise<void> {
    await rm(this.folderOf(diffId), { recursive: true, force: true });
  }

  /** Deletes all layers but these. @returns how many */
  async keepOnly(diffIds: Iterable<string>): Promise<number> {
    const wanted = new Set([...diffIds].map((diffId) => diffId.slice('sha256:'.length)));
    const others = (await readdir(this.folder).catch(() => [])).filter((name) => !wanted.has(name));
    for (const name of others) {
      // It gets another name first: what is left of an interrupted removal is no layer.
      const doomed = join(this.#doomed, `removed-layer-${name}`);
      await rename(join(this.folder, name), doomed);
      await rm(doomed, { recursive: true, force: true });
    }
    return others.length;
  }
}
