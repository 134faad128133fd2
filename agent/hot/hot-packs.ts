// Hot packs: what a boot reads of an image, in one piece. A node fetches it at once and lays it over the image, so that its boot does
// not wait for hundreds of questions over NFS. What is missing there it reads over NFS as ever.
import { mkdir, readdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Node } from '../devices/device.ts';
import { messageOf } from '../errors.ts';
import { type HotList, NOTHING, withBoot } from './hot-list.ts';
import { makePack } from './make-pack.ts';
import { type FileMemory, ownFileMemory } from './resident-files.ts';

/** A pack that can be fetched. */
export type HotPack = { readonly path: string; readonly bytes: number };

/** What is said of a pack. */
export type HotPackFacts = {
  readonly model: string;
  readonly bytes: number;
  readonly files: number;
};

type Options = {
  /** root file system of an image, by its key */
  readonly rootOf: (key: string) => string;
  /** whether the nodes of this image get a pack */
  readonly isWanted: (node: Node) => boolean;
  /** whether another node than this one is up, or comes up, with the same root */
  readonly isAlone: (node: Node) => boolean;
  /** this process unless said */
  readonly memory?: FileMemory;
  readonly onProblem: (reason: unknown) => void;
  readonly onMade: (facts: { readonly node: Node; readonly bytes: number }) => void;
};

type Recording = {
  readonly mac: string;
  readonly root: string;
  readonly model: string;
  readonly before: ReadonlySet<string>;
};

/** So many boots make a list; later ones teach nothing new. */
const BOOTS = 3;
const MOST_SAID = 100;
const MODEL = /^[a-z0-9][a-z0-9-]{0,40}$/;

/** The packs of all images, each beside the root that it is of: they go together. */
export class HotPacks {
  readonly #options: Options;
  readonly #memory: FileMemory;
  /** by key of the image */
  readonly #recordings = new Map<string, Recording>();
  /** MACs of nodes that have fetched a pack, and have not come up since */
  readonly #tried = new Set<string>();
  #working: Promise<void> = Promise.resolve();
  readonly #said = new Set<string>();

  constructor(options: Options) {
    this.#options = options;
    this.#memory = options.memory ?? ownFileMemory;
  }

  /**
   * What a node is to fetch; undefined where there is nothing for it. A node that did not come up with its pack gets none in its next
   * boot: the pack may be damaged, and all that it has is there over NFS.
   */
  async packFor(node: Node): Promise<HotPack | undefined> {
    const { root, model, mac } = node;
    if (this.#tried.delete(mac)) return undefined;
    if (root === undefined || !MODEL.test(model) || !this.#options.isWanted(node)) return undefined;
    const path = this.#fileOf(root, `${model}.squashfs`);
    const found = await stat(path).catch(() => undefined);
    if (found?.isFile() !== true) return undefined;
    this.#tried.add(mac);
    return { path, bytes: found.size };
  }

  /** The packs of an image, by its key. */
  async of(key: string): Promise<HotPackFacts[]> {
    const names = await readdir(this.#folderOf(key)).catch(() => []);
    const models = names.flatMap((name) => /^(.*)\.squashfs$/.exec(name)?.[1] ?? []).toSorted();
    return await Promise.all(
      models.map(async (model) => {
        const { size: bytes } = await stat(this.#fileOf(key, `${model}.squashfs`));
        return { model, bytes, files: (await this.#listOf(key, model)).files.length };
      }),
    );
  }

  /** A boot begins. What it reads is seen where no other node reads of the same image. */
  begun(node: Node): Promise<void> {
    return this.#next(async () => {
      const { root, model, mac } = node;
      const { isWanted, isAlone, rootOf } = this.#options;
      if (root === undefined || !MODEL.test(model)) return;
      this.#recordings.delete(root);
      if (!isWanted(node) || !isAlone(node)) return;
      const { boots } = await this.#listOf(root, model);
      if (boots >= BOOTS) return;
      const folder = rootOf(root);
      if (!(await isFolder(folder))) return;
      await this.#memory.evict(folder);
      const before = new Set((await this.#memory.resident(folder)).keys());
      this.#recordings.set(root, { mac, root, model, before });
    });
  }

  /** A node is up: the files that it has read are what such a boot reads. */
  booted(node: Node): Promise<void> {
    this.#tried.delete(node.mac);
    return this.#next(async () => {
      const recording = node.root === undefined ? undefined : this.#recordings.get(node.root);
      if (recording === undefined || recording.mac !== node.mac) return;
      const { root, model, before } = recording;
      this.#recordings.delete(root);
      if (model !== node.model) return;
      const folder = this.#options.rootOf(root);
      // The image may be gone meanwhile.
      if (!(await isFolder(folder))) return;
      const resident = await this.#memory.resident(folder);
      const read = new Map([...resident].filter(([path]) => !before.has(path)));
      const { list, isWorth } = withBoot(await this.#listOf(root, model), read);
      if (!(await hasFolder(this.#folderOf(root)))) return;
      if (isWorth) {
        const path = this.#fileOf(root, `${model}.squashfs`);
        const bytes = await makePack({ root: folder, files: list.files, path });
        this.#options.onMade({ node, bytes });
      }
      await this.#save(root, { model, list });
    });
  }

  /** Resolves when what was begun is done. */
  async settled(): Promise<void> {
    await this.#working;
  }

  /** One at a time: another boot is not to be disturbed. What fails is said once, and costs nobody a boot. */
  #next(work: () => Promise<void>): Promise<void> {
    this.#working = this.#working.then(work).catch((reason: unknown) => {
      const message = messageOf(reason);
      if (this.#said.has(message)) return;
      if (this.#said.size < MOST_SAID) this.#said.add(message);
      this.#options.onProblem(reason);
    });
    return this.#working;
  }

  #folderOf(key: string): string {
    return join(dirname(this.#options.rootOf(key)), 'hot');
  }

  #fileOf(key: string, name: string): string {
    return join(this.#folderOf(key), name);
  }

  async #listOf(key: string, model: string): Promise<HotList> {
    try {
      const list: HotList = JSON.parse(await readFile(this.#fileOf(key, `${model}.json`), 'utf8'));
      if (Array.isArray(list.files) && [list.bytes, list.boots].every(Number.isInteger))
        return list;
    } catch {
      // It is not there, or a power cut has left half of it: then boots are watched again.
    }
    return NOTHING;
  }

  async #save(key: string, { model, list }: { readonly model: string; readonly list: HotList }) {
    const path = this.#fileOf(key, `${model}.json`);
    await writeFile(`${path}.new`, JSON.stringify(list));
    await rename(`${path}.new`, path);
  }
}

async function isFolder(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  return found?.isDirectory() === true;
}

/** Makes a folder where there is none. @returns false where what leads there is gone, with an image: it is not to come back by this */
async function hasFolder(path: string): Promise<boolean> {
  try {
    await mkdir(path, { mode: 0o700 });
  } catch (thrown) {
    const { code } = thrown as NodeJS.ErrnoException;
    if (code !== 'EEXIST' && code !== 'ENOENT') throw thrown;
    return code === 'EEXIST';
  }
  return true;
}
