// The folders that nodes mount: `<state>/images/<key>/fs`. Each folder is prepared elsewhere and moved here when it is
// complete, so that an incomplete folder is never here. Nothing writes into a folder that is here: its files may be hard
// links, shared with the folders of other images.
import { mkdir, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { runProgram } from '../../host/program.ts';
import { resolveFolderInside } from './files/inside.ts';
import { readIfThere } from './files/read-if-there.ts';
import { layOverlay } from './node-side/lay-overlay.ts';
import { overlayFiles, overlayVersion } from './node-side/overlay-version.ts';
import {
  fillTemplates,
  type Originals,
  restoreTemplates,
  type TemplateNote,
} from './templates/fill.ts';
import { readOriginals, writeOriginals } from './templates/originals.ts';
import { type ServerValues, valuesVersion } from './templates/values.ts';

type Options = {
  readonly state: string;
  readonly overlay: string;
  readonly publicKey: string;
  /** what templates of images are filled with, as it is now */
  readonly templateValues: () => ServerValues;
};

/** This file lies beside `fs`. It lists the files of the node side that were copied into this folder. */
const OVERLAY_LIST = 'overlay.json';

/**
 * The folders, each with its key. A key is made of `sha256:`, the digest of the image, and the version of the node side. The
 * key of an image with templates also has the version of the values that the templates are filled with.
 */
export class ImageFolders {
  readonly #options: Options;
  /** names of the folders on the disk, and the time when each was made */
  readonly #made = new Map<string, number>();
  /** digests of the images with templates, in the form that names of folders have */
  readonly #templated = new Set<string>();
  #version = '';

  constructor(options: Options) {
    this.#options = options;
  }

  /** Finds the folders that are there. */
  async load(): Promise<void> {
    const { overlay, publicKey } = this.#options;
    await mkdir(this.#images(), { recursive: true });
    for (const name of await readdir(this.#images())) {
      await this.#note(name);
      const originals = await readOriginals(join(this.#images(), name));
      if (Object.keys(originals).length > 0) this.#templated.add(name.split('-')[0] ?? '');
    }
    this.#version = await overlayVersion(overlay, publicKey);
  }

  /** Root file system of the folder with this key. */
  rootOf = (key: string): string => join(this.#images(), nameOf(key), 'fs');

  /** Key of the folder that a node should boot: the one with the newest node side. Undefined if the image has no folder. */
  keyOf(digest: string): string | undefined {
    const wanted = this.#currentKey(digest);
    return this.#made.has(nameOf(wanted)) ? wanted : this.#olderKey(digest);
  }

  /** Whether the folder has the node side of this server. */
  isCurrent(digest: string): boolean {
    return this.#made.has(nameOf(this.#currentKey(digest)));
  }

  /**
   * Fills the templates of `rootfs`, lays the node side over it and makes it the folder of the image.
   * @param options.work a folder of the same file system, for what is not yet whole
   * @param options.originals of templates that are filled already
   */
  async seal(
    digest: string,
    rootfs: string,
    { work, originals: known = {} }: { readonly work: string; readonly originals?: Originals },
  ): Promise<readonly TemplateNote[]> {
    const { overlay } = this.#options;
    const values = this.#options.templateValues();
    const { originals, notes } = await fillTemplates(rootfs, { digest, values, originals: known });
    await layOverlay(rootfs, this.#options);
    const sealed = join(work, 'sealed');
    await mkdir(sealed);
    await writeFile(join(sealed, OVERLAY_LIST), JSON.stringify(await overlayFiles(overlay)));
    await writeOriginals(sealed, originals);
    await rename(rootfs, join(sealed, 'fs'));
    await runProgram('sync', ['-f', sealed]);
    if (Object.keys(originals).length > 0) this.#templated.add(nameOf(digest));
    const name = nameOf(this.#currentKey(digest, values));
    await rename(sealed, join(this.#images(), name));
    await this.#note(name);
    return notes;
  }

  /**
   * Copies a folder that an earlier server made, and gives the copy the node side and the values of this server. Nodes that
   * run from the old folder keep it.
   */
  async renew(digest: string, work: string): Promise<readonly TemplateNote[]> {
    const older = this.#olderKey(digest);
    if (older === undefined) return [];
    const rootfs = join(work, 'rootfs');
    const originals = await this.#copy(older, rootfs);
    return await this.seal(digest, rootfs, { work, originals });
  }

  /**
   * Makes the new folder `rootfs` with the files of the image, without the node side. The files are hard links: nobody may
   * write into them.
   */
  async copyTo(rootfs: string, digest: string): Promise<void> {
    await restoreTemplates(rootfs, await this.#copy(this.#currentKey(digest), rootfs));
  }

  /** @returns the originals of the templates; in the copy the templates are still filled */
  async #copy(key: string, rootfs: string): Promise<Originals> {
    await runProgram('cp', ['--archive', '--link', this.rootOf(key), rootfs], { diesWithUs: true });
    for (const path of await this.#overlayOf(key)) await removeBelow(rootfs, path);
    return await readOriginals(dirname(this.rootOf(key)));
  }

  /** Bytes of all files of an image, also of those that other images share; 0 if the image has no folder. */
  async sizeOf(digest: string): Promise<number> {
    const key = this.keyOf(digest);
    if (key === undefined) return 0;
    const [bytes = '0'] = (await runProgram('du', ['-sb', this.rootOf(key)])).split('\t');
    return Number(bytes);
  }

  /** Deletes all folders but those with these keys. @returns how many were deleted */
  async keepOnly(keys: readonly string[]): Promise<number> {
    const wanted = new Set(keys.map(nameOf));
    const others = [...this.#made.keys()].filter((name) => !wanted.has(name));
    for (const name of others) {
      this.#made.delete(name);
      // It gets another name first: if the removal is interrupted, what is left does not look like a complete folder.
      const doomed = join(this.#options.state, 'tmp', `removed-${name}`);
      await rename(join(this.#images(), name), doomed);
      await rm(doomed, { recursive: true, force: true });
    }
    return others.length;
  }

  #images(): string {
    return join(this.#options.state, 'images');
  }

  #currentKey(digest: string, values = this.#options.templateValues()): string {
    const key = `${digest}-${this.#version}`;
    const isTemplated = this.#templated.has(nameOf(digest));
    return isTemplated ? `${key}-${valuesVersion(values)}` : key;
  }

  #olderKey(digest: string): string | undefined {
    const plain = nameOf(digest);
    const [newest] = [...this.#made]
      .filter(([name]) => name === plain || name.startsWith(`${plain}-`))
      .toSorted(([, left], [, right]) => right - left);
    return newest === undefined ? undefined : `sha256:${newest[0]}`;
  }

  async #note(name: string): Promise<void> {
    this.#made.set(name, (await stat(join(this.#images(), name))).mtimeMs);
  }

  async #overlayOf(key: string): Promise<string[]> {
    const list = join(this.#images(), nameOf(key), OVERLAY_LIST);
    return JSON.parse((await readIfThere(list)) ?? '[]') as string[];
  }
}

/** Links of the image are followed inside it only. */
async function removeBelow(rootfs: string, path: string): Promise<void> {
  const folder = await resolveFolderInside(rootfs, dirname(path));
  if (folder !== undefined) await rm(join(folder, basename(path)), { force: true });
}

function nameOf(key: string): string {
  return key.replace(/^sha256:/, '');
}
