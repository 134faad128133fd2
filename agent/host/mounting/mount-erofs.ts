// Mounts the EROFS file system of an image. Each layer's data are one loop device for all images that have the layer; a device
// goes by itself when the last of them is unmounted.
import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf, WaltError } from '../../errors.ts';
import { runProgram } from '../processes/program.ts';
import { LOOP_DEVICE } from './loop-device.ts';

/** What is mounted of an image: its file system and the data of its layers, lowest first. */
export type Mountable = { readonly file: string; readonly data: readonly string[] };

const TRIES = 5;
/** Before the second try; twice as long before each next one. */
const PAUSE_MS = 25;
/**
 * Arguments: where, the file system, then the data of its layers. Devices stay while they are mounted, and no longer.
 * Names go through no list of options, where a comma in them would mean something.
 */
const MOUNT = `
set -e
command -v losetup >/dev/null || { echo 'losetup is not installed (Debian package mount)' >&2; exit 1; }
${LOOP_DEVICE}
devices=
trap 'losetup --detach $devices 2>/dev/null || :' EXIT
target=$1
device "$2" --read-only
root=$found
devices=$root
shift 2
options=ro,nosuid,nodev
for data; do
  device "$data" --read-only
  devices="$devices $found"
  options=$options,device=$found
done
mount -i --no-canonicalize -t erofs -o "$options" "$root" "$target"`;

/**
 * @param place an empty folder
 * @param options.files open files that the paths may lead through, as /proc/self/fd/3 and on
 * @throws {WaltError} with the reason of mount(8)
 */
export async function mountErofs(
  place: string,
  { file, data }: Mountable,
  options: { readonly files?: readonly number[] } = {},
): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      await runProgram('sh', ['-c', MOUNT, 'sh', place, file, ...data], options);
      return;
    } catch (thrown) {
      // A device may have gone, with the last file system on it, after it was found; or others may have taken each that was free.
      if (tries === TRIES) throw new WaltError(complaint(thrown), { cause: thrown });
      await sleep(PAUSE_MS * 2 ** (tries - 1));
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
