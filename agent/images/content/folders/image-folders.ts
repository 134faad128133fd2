// The folders that nodes mount: `<state>/images/<key>/fs`. Each is prepared elsewhere and moved here when it is complete, so
// that an incomplete one is never here. Where this machine mounts file systems, `fs` is one, made over the layers' data;
// elsewhere it is a folder with copies. Nothing writes into a folder that is here.
import { mkdir, readdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { type Mounter, ownMounter } from '../../../host/mounting/mounter.ts';
import { runProgram } from '../../../host/processes/program.ts';
import type { LayerStore } from '../layers/layer-store.ts';
import { overlayVersion } from '../node-side/overlay-version.ts';
import { ROOT_FILES, type RootForm, type RootMade, type RootWanted } from '../roots/make-root.ts';
import { mountPoints, whyNotMountable } from '../roots/mounts.ts';
import { discardRoot, type FoundRoot, useRoot } from '../roots/root-place.ts';
import { type Parts, sealRoot } from '../roots/seal-root.ts';
import { syncFolder } from '../roots/sync-folder.ts';
import type { TemplateNote } from '../templates/fill.ts';
import { type ServerValues, valuesVersion } from '../templates/values.ts';

type Options = {
  readonly state: string;
  readonly layers: LayerStore;
  readonly overlay: string;
  readonly publicKey: string;
  /** what templates of images are filled with, as it is now */
  readonly templateValues: () => ServerValues;
  /** how folders are made; by default as this machine can */
  readonly form?: RootForm;
  /** by default this process */
  readonly mounter?: Mounter;
};

/** How a folder is made. */
export type Making = {
  /** a folder of the same file system, for what is not yet whole */
  readonly work: string;
  readonly make: (wanted: RootWanted) => Promise<RootMade>;
};

/** What came of it. */
export type Made =
  | Exclude<RootMade, { kind: 'made' }>
  | {
      readonly kind: 'made';
      readonly notes: readonly TemplateNote[];
    };

/**
 * The folders, each with its key. A key is made of `sha256:`, the digest of the image, and the version of the node side. The
 * key of an image with templates also has the version of the values that the templates are filled with.
 */
export class ImageFolders {
  readonly #options: Options;
  /** by the name of the folder */
  readonly #known = new Map<string, FoundRoot>();
  /** those that no node can mount */
  readonly #useless = new Map<string, FoundRoot>();
  /** digests of the images with templates, in the form that names of folders have */
  readonly #templated = new Set<string>();
  #version = '';
  #form: RootForm = 'folder';
  #canMount = true;

  constructor(options: Options) {
    this.#options = options;
  }

  /**
   * Finds the folders that are there, and mounts what is to be mounted.
   * @returns what is odd about this machine, a sentence each
   */
  async load(): Promise<string[]> {
    const { overlay, publicKey, form, state, mounter = ownMounter } = this.#options;
    await mkdir(this.#images(), { recursive: true, mode: 0o700 });
    const version = overlayVersion(overlay, publicKey);
    // Whoever fails before it is asked for is told of by its own failure.
    version.catch(() => undefined);
    await mounter.releaseDevices(state);
    const mounted = await mountPoints();
    const names = await readdir(this.#images());
    const problems = await this.#findAll(names, mounted);
    // Where a root is mounted nothing has to be tried.
    const isTried = form !== undefined || this.#hasMounted();
    const reason = isTried ? undefined : await whyNotMountable(this.#work(), mounter);
    this.#form = form ?? (reason === undefined ? 'erofs' : 'folder');
    if (reason !== undefined) {
      this.#canMount = false;
      await this.#findAll([...this.#useless.keys()], mounted);
      // What is wrong with each of them is said by that.
      problems.splice(0, problems.length, cannotMount(reason));
    }
    this.#version = await version;
    return problems;
  }

  /**
   * Looks again at what is there: mounts what somebody has unmounted, and knows no more what is gone.
   * @returns why folders cannot be used, a sentence each
   */
  async refresh(): Promise<string[]> {
    const there = await readdir(this.#images());
    for (const known of [this.#known, this.#useless]) {
      for (const name of known.keys()) if (!there.includes(name)) known.delete(name);
    }
    return await this.#findAll(there, await mountPoints());
  }

  /** Root file system of the folder with this key. */
  rootOf = (key: string): string => join(this.#images(), nameOf(key), ROOT_FILES.folder);

  /** Key of the folder that a node should boot: the one with the newest node side. Undefined if the image has no folder. */
  keyOf(digest: string): string | undefined {
    const wanted = this.#currentKey(digest);
    return this.#known.has(nameOf(wanted)) ? wanted : this.#olderKey(digest);
  }

  /** Whether the folder has the node side of this server. */
  isCurrent(digest: string): boolean {
    return this.#known.has(nameOf(this.#currentKey(digest)));
  }

  /**
   * Makes the folder of an image whose layers are here.
   * @returns what is odd about the image, or why it cannot boot a node
   * @throws {ImageError} if its layers do not fit together
   */
  async make(parts: Parts, making: Making, form = this.#form): Promise<Made> {
    const values = this.#options.templateValues();
    const sealed = join(making.work, 'sealed');
    const made = await sealRoot(parts, {
      ...this.#options,
      ...{ values, form, folder: sealed, make: making.make },
    });
    if (made.kind === 'refused') return made;
    const plain = nameOf(parts.digest);
    if (made.isTemplated) this.#templated.add(plain);
    const name = nameOf(this.#currentKey(parts.digest, values));
    await syncFolder(this.#options.layers.folder);
    await this.#discardUseless(name);
    await rename(sealed, join(this.#images(), name));
    await syncFolder(this.#images());
    const problem = await this.#find(name, new Set());
    if (problem === undefined) return { kind: 'made', notes: made.notes };
    // What worked when the server started does not now.
    await this.#discardUseless(name);
    const again = await this.make(parts, making, 'folder');
    if (again.kind === 'refused') return again;
    return {
      kind: 'made',
      notes: [...again.notes, { kind: 'warning', text: keptAsFolder(problem) }],
    };
  }

  /** Bytes of all files of an image; 0 if the image has no folder. */
  async sizeOf(digest: string): Promise<number> {
    const key = this.keyOf(digest);
    if (key === undefined) return 0;
    const size = this.#known.get(nameOf(key))?.facts?.size;
    if (size !== undefined) return size;
    const [bytes = '0'] = (await runProgram('du', ['-sb', this.rootOf(key)])).split('\t');
    return Number(bytes);
  }

  /** Diff IDs of the layers whose data the folders stand on. */
  layersInUse(): string[] {
    return [...this.#known.values(), ...this.#useless.values()].flatMap(({ facts }) =>
      facts?.form === 'erofs' ? facts.layers : [],
    );
  }

  /** Deletes all folders but those with these keys. @returns how many were deleted */
  async keepOnly(keys: readonly string[]): Promise<number> {
    const wanted = new Set(keys.map(nameOf));
    const all = [...this.#known, ...this.#useless];
    const others = all.filter(([name]) => !wanted.has(name));
    for (const [name, found] of others) {
      // Nobody is to choose it any more; if it cannot be taken away now, it can be the next time.
      this.#known.delete(name);
      this.#useless.set(name, found);
      await this.#discardUseless(name);
    }
    return others.length;
  }

  /** @returns why folders cannot be used, a sentence each */
  async #findAll(names: readonly string[], mounted: ReadonlySet<string>): Promise<string[]> {
    const problems: string[] = [];
    for (const name of names) {
      const problem = await this.#find(name, mounted);
      (problem === undefined ? this.#useless : this.#known).delete(name);
      if (problem !== undefined) problems.push(`Cannot mount image folder ${name}: ${problem}`);
    }
    return problems;
  }

  #hasMounted(): boolean {
    return [...this.#known.values()].some(({ facts }) => facts?.form === 'erofs');
  }

  /** A folder that is there; mounts it if it is to be mounted. @returns why it cannot be used */
  async #find(name: string, mounted: ReadonlySet<string>): Promise<string | undefined> {
    const { layers, mounter = ownMounter } = this.#options;
    const how = { layers, canMount: this.#canMount, mounted, mounter };
    const found = await useRoot(join(this.#images(), name), how);
    if (found.facts?.isTemplated === true) this.#templated.add(name.split('-')[0] ?? '');
    if (found.problem === undefined) this.#known.set(name, found);
    else this.#useless.set(name, found);
    return found.problem;
  }

  async #discardUseless(name: string): Promise<void> {
    if (!this.#useless.has(name)) return;
    const { mounter = ownMounter } = this.#options;
    await discardRoot(join(this.#images(), name), { work: this.#work(), mounter });
    this.#useless.delete(name);
  }

  #work(): string {
    return join(this.#options.state, 'tmp');
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
    const [newest] = [...this.#known]
      .filter(([name]) => name === plain || name.startsWith(`${plain}-`))
      .toSorted(([, left], [, right]) => right.made - left.made);
    return newest === undefined ? undefined : `sha256:${newest[0]}`;
  }
}

function nameOf(key: string): string {
  return key.replace(/^sha256:/, '');
}

function cannotMount(reason: string): string {
  return (
    `Images are kept as folders with copies of all files, which takes longer and more of the disk: this machine ` +
    `mounts no EROFS file systems (${reason})`
  );
}

function keptAsFolder(reason: string): string {
  return `it is kept as a folder with copies of all files, which takes more of the disk: it could not be mounted (${reason})`;
}
