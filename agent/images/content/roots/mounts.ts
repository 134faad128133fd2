// Mounts the EROFS file systems of images. Each layer's data are one loop device for all images that have the layer; a device
// goes by itself when the last of them is unmounted.
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { messageOf } from '../../../errors.ts';
import { runProgram } from '../../../host/program.ts';
import { DATA_BLOCK } from '../layers/layer-entry.ts';
import { emptyFolder, ownFile } from '../tree/image-tree.ts';
import { writeErofs } from './erofs.ts';

const TRIES = 3;
/**
 * Arguments: where, the file system, then the data of its layers. Devices stay while they are mounted, and no longer.
 * Names go through no list of options, where a comma in them would mean something.
 */
const MOUNT = `
set -e
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
      if (tries === TRIES) throw thrown;
    }
  }
}

/** Also where something is open in it: then it is gone from here at once, and from the machine when it is closed. */
export async function unmountErofs(target: string): Promise<void> {
  await runProgram('umount', ['--lazy', target]);
}

/** Paths where file systems are mounted, as this process sees them. */
export async function mountPoints(): Promise<Set<string>> {
  const lines = (await readFile('/proc/self/mountinfo', 'utf8')).split('\n');
  return new Set(lines.map((line) => unescaped(line.split(' ')[4] ?? '')));
}

/** proc(5): spaces and the like are a backslash and three octal digits. */
function unescaped(path: string): string {
  return path.replace(/\\([0-7]{3})/g, (_all, octal: string) =>
    String.fromCharCode(Number.parseInt(octal, 8)),
  );
}

/**
 * Mounts a small file system with a file in another device, and reads it. Not in the state folder, whose disk may be full or
 * read-only.
 * @returns undefined where that works, else why not, in a few words
 */
export async function whyNotMountable(): Promise<string | undefined> {
  let trial = tmpdir();
  try {
    trial = await mkdtemp(join(tmpdir(), 'walt-mount-'));
    return await tryMount(trial);
  } catch (thrown) {
    return messageOf(thrown).split('\n')[0]?.replaceAll(trial, '…');
  } finally {
    if (trial !== tmpdir()) await rm(trial, { recursive: true, force: true });
  }
}

async function tryMount(trial: string): Promise<string | undefined> {
  const [file, data, target] = [join(trial, 'erofs'), join(trial, 'data'), join(trial, 'fs')];
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
}

function trialTree() {
  const root = emptyFolder();
  const file = ownFile(new Uint8Array(), 0o644);
  root.children.set('file', { ...file, size: 4, content: { kind: 'layer', layer: 0, offset: 0 } });
  return root;
}
