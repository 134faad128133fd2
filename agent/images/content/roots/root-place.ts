// A root where nodes mount it, `images/<key>`: there it is used as it is, or taken away as a whole.
import { mkdir, rename, rm, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { messageOf } from '../../../errors.ts';
import { type Mounter, ownMounter } from '../../../host/mounting/mounter.ts';
import { readIfThere } from '../files/read-if-there.ts';
import { layerFiles } from '../layers/layer-files.ts';
import type { LayerStore } from '../layers/layer-store.ts';
import { ROOT_FILES } from './make-root.ts';
import { mountPoints } from './mounts.ts';
import { factsFile, parseFacts, type RootFacts } from './root-facts.ts';

/** What is there. Roots of early servers have no facts. */
export type FoundRoot = {
  readonly facts: RootFacts | undefined;
  /** milliseconds since 1970 */
  readonly made: number;
  /** why no node can mount it, if none can */
  readonly problem?: string;
};

/** What it takes to use a root. */
export type UseOptions = {
  readonly layers: Pick<LayerStore, 'folderOf'>;
  /** whether this machine mounts EROFS */
  readonly canMount: boolean;
  /** places where something is mounted already */
  readonly mounted: ReadonlySet<string>;
  readonly mounter?: Mounter;
};

/** At one place. Each server that is killed meanwhile leaves one at most. */
const MOST_MOUNTS = 16;

/** Mounts the root in `folder`, if it is to be mounted. */
export async function useRoot(
  folder: string,
  { layers, canMount, mounted, mounter = ownMounter }: UseOptions,
): Promise<FoundRoot> {
  const { mtimeMs: made } = await stat(folder);
  let facts: RootFacts | undefined;
  try {
    const text = await readIfThere(factsFile(folder));
    facts = text === undefined ? undefined : parseFacts(text);
    const target = join(folder, ROOT_FILES.folder);
    if (facts?.form !== 'erofs' || mounted.has(target)) return { facts, made };
    if (!canMount) return { facts, made, problem: 'this machine mounts no EROFS file systems' };
    const data = facts.layers.map((diffId) => layerFiles(layers.folderOf(diffId)).data);
    // A backup has no folders in which there is nothing.
    await mkdir(target, { recursive: true });
    await mounter.mountErofs(target, { file: join(folder, ROOT_FILES.erofs), data });
    return { facts, made };
  } catch (thrown) {
    return { facts, made, problem: messageOf(thrown) };
  }
}

/**
 * Takes a root away; nodes that have it mounted keep what they have open.
 * @param options.work a folder of the same file system
 */
export async function discardRoot(
  folder: string,
  { work, mounter = ownMounter }: { readonly work: string; readonly mounter?: Mounter },
) {
  await unmountAll(join(folder, ROOT_FILES.folder), mounter);
  // It gets another name first: if the removal is interrupted, what is left does not look like a complete root.
  const doomed = join(work, `removed-${basename(folder)}`);
  await removeRoot(doomed, mounter);
  await rename(folder, doomed);
  // Something may have been mounted meanwhile: its place goes with the folder.
  await removeRoot(doomed, mounter);
}

async function removeRoot(folder: string, mounter: Mounter): Promise<void> {
  await unmountAll(join(folder, ROOT_FILES.folder), mounter);
  await rm(folder, { recursive: true, force: true });
}

/** `mount` of a server that was killed goes on: what the next one has mounted there is then mounted twice. */
async function unmountAll(target: string, mounter: Mounter): Promise<void> {
  for (let left = MOST_MOUNTS; left > 0 && (await mountPoints()).has(target); left -= 1) {
    await mounter.unmount(target);
  }
}
