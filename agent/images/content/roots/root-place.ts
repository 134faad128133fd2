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
  const target = join(folder, ROOT_FILES.folder);
  if ((await mountPoints()).has(target)) await mounter.unmount(target);
  // It gets another name first: if the removal is interrupted, what is left does not look like a complete root.
  const doomed = join(work, `removed-${basename(folder)}`);
  await rm(doomed, { recursive: true, force: true });
  await rename(folder, doomed);
  await rm(doomed, { recursive: true, force: true });
}
