// Mounts the EROFS file systems of images. Each layer's data are one loop device for all images that have the layer; a device
// goes by itself when the last of them is unmounted.
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { diskWords, messageOf, WaltError } from '../../../errors.ts';
import { mountsOf } from '../../../host/mount-table.ts';
import { runProgram } from '../../../host/program.ts';
import { DATA_BLOCK } from '../layers/layer-entry.ts';
import { emptyFolder, ownFile } from '../tree/image-tree.ts';
import { writeErofs } from './erofs/erofs.ts';

const TRIES = 3;
/**
 * Arguments: where, the file system, then the data of its layers. Devices stay while they are mounted, and no longer.
 * Names go through no list of options, where a comma in them would mean something.
 */
const MOUNT = `
set -e
command -v losetup >/dev/null || { echo 'losetup is not installed (Debian package mount)' >&2; exit 1; }
devices=
trap 'losetup --detach $devices 2>/dev/null || :' EXIT
device() {
  found=$(losetup --noheadings --output NAME --associated "$1" | head -n 1)
  [ -n "$found" ] || found=$(losetup --find --show --read-only "$1")
  echo "$found"
}
target=$1
root=$(device "$2")
devices=$root
shift 2
options=ro,nosuid,nodev
for data; do
  next=$(device "$data")
  devices="$devices $next"
  options=$options,device=$next
done
mount -i -t erofs -o "$options" "$root" "$target"`;

/** What is mounted: the file system and the data of its layers, lowest first. */
export type Mountable = { readonly file: string; readonly data: readonly string[] };

/** @param target an empty folder @throws {WaltError} with the reason of mount(8) */
export async function mountErofs(target: string, { file, data }: Mountable): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      await runProgram('sh', ['-c', MOUNT, 'sh', target, file, ...data]);
      return;
    } catch (thrown) {
      // A device may have gone, with the last file system on it, after it was found.
      if (tries === TRIES) throw new WaltError(complaint(thrown), { cause: thrown });
    }
  }
}

/** What mount(8) or losetup(8) said first, without the words of the shell around it. */
function complaint(thrown: unknown): string {
  const [first = ''] = messageOf(thrown)
    .replace(/^sh -c failed \(\w+\): /, '')
    .split('\n');
  return first.replace(/^sh: (\d+: )?/, '');
}

/** Also where something is open in it: then it is gone from here at once, and from the machine when it is closed. */
export async function unmountErofs(target: string): Promise<void> {
  await runProgram('umount', ['--lazy', target]);
}

/** Paths where file systems are mounted, as this process sees them. */
export async function mountPoints(): Promise<Set<string>> {
  return new Set((await mountsOf('self')).keys());
}

/**
 * Mounts a small file system with a file in another device, and reads it.
 * @param folder where the images are to be
 * @returns undefined where that works or a disk that takes nothing lets nobody try, else why not, in a few words
 */
export async function whyNotMountable(folder: string): Promise<string | undefined> {
  try {
    return await tryIn(await mkdtemp(join(folder, 'mount-')));
  } catch (thrown) {
    if (diskWords(thrown) === undefined) throw thrown;
    return undefined;
  }
}

/** @throws {Error} of node:fs where the disk takes nothing */
async function tryIn(trial: string): Promise<string | undefined> {
  const [file, data, target] = ['erofs', 'data', 'fs'].map((name) => join(trial, name)) as [
    string,
    string,
    string,
  ];
  try {
    await writeFile(data, Buffer.alloc(DATA_BLOCK, 'walt'));
    await writeErofs(trialTree(), { path: file, layers: [DATA_BLOCK], uuid: new Uint8Array(16) });
    await mkdir(target);
    await mountErofs(target, { file, data: [data] });
    try {
      const text = await readFile(join(target, 'file'), 'utf8');
      return text === 'walt' ? undefined : 'a file on it has other content';
    } finally {
      await unmountErofs(target);
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
