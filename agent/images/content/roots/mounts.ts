// What of images is mounted, and whether this machine can mount them.
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { diskWords, messageOf, WaltError } from '../../../errors.ts';
import { mountsOf } from '../../../host/folders/mount-table.ts';
import { type Mounter, ownMounter } from '../../../host/mounting/mounter.ts';
import { DATA_BLOCK } from '../layers/layer-entry.ts';
import { emptyFolder, ownFile } from '../tree/image-tree.ts';
import { writeErofs } from './erofs/erofs.ts';

/** A container whose mounts are its own, or a unit that was given its own before these were shared. */
const NOT_SEEN =
  'what is mounted does not show here: mounts of this machine are not shared (mount --make-rshared /)';

/** Paths where file systems are mounted, as this process sees them. */
export async function mountPoints(): Promise<Set<string>> {
  return new Set((await mountsOf('self')).keys());
}

/**
 * Mounts a small file system with a file in another device, and reads it.
 * @param folder where the images are to be
 * @returns undefined where that works or a disk that takes nothing lets nobody try, else why not, in a few words
 */
export async function whyNotMountable(
  folder: string,
  mounter: Mounter = ownMounter,
): Promise<string | undefined> {
  try {
    return await tryIn(await mkdtemp(join(folder, 'mount-')), mounter);
  } catch (thrown) {
    if (diskWords(thrown) === undefined) throw thrown;
    return undefined;
  }
}

/** @throws {Error} of node:fs where the disk takes nothing */
async function tryIn(trial: string, mounter: Mounter): Promise<string | undefined> {
  const [file, data, target] = ['erofs', 'data', 'fs'].map((name) => join(trial, name)) as [
    string,
    string,
    string,
  ];
  try {
    await writeFile(data, Buffer.alloc(DATA_BLOCK, 'walt'));
    await writeErofs(trialTree(), { path: file, layers: [DATA_BLOCK], uuid: new Uint8Array(16) });
    await mkdir(target);
    await mounter.mountErofs(target, { file, data: [data] });
    try {
      const text = await readFile(join(target, 'file'), 'utf8').catch((cause: unknown) => {
        if ((cause as NodeJS.ErrnoException).code === 'ENOENT') throw new WaltError(NOT_SEEN);
        throw cause;
      });
      return text === 'walt' ? undefined : 'a file on it has other content';
    } finally {
      await mounter.unmount(target);
    }
  } catch (thrown) {
    if (!(thrown instanceof WaltError) && diskWords(thrown) !== undefined) throw thrown;
    return messageOf(thrown).split('\n')[0]?.replaceAll(trial, '…');
  } finally {
    await rm(trial, { recursive: true, force: true });
  }
}

function trialTree() {
  const root = emptyFolder();
  const file = ownFile(new Uint8Array(), 0o644);
  root.children.set('file', { ...file, size: 4, content: { kind: 'layer', layer: 0, offset: 0 } });
  return root;
}
