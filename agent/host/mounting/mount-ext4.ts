// Mounts the ext4 file system of a file, for reading and writing.
import { runProgram } from '../processes/program.ts';
import { LOOP_DEVICE } from './loop-device.ts';

/**
 * Arguments: the file, and where to mount it. The NFS server may have mounted it, and go on when the server is started again.
 * A device goes when nobody has it mounted any more.
 */
const MOUNT = `
set -e
${LOOP_DEVICE}
device=$(device "$1")
trap 'losetup --detach "$device" 2>/dev/null || :' EXIT
mount -i --no-canonicalize -t ext4 -o rw,nosuid,nodev,noatime,errors=remount-ro "$device" "$2"`;

/**
 * @param place an empty folder
 * @param options.files as of `mountErofs`
 * @throws {WaltError} with the reason of mount(8)
 */
export async function mountExt4(
  place: string,
  file: string,
  options: { readonly files?: readonly number[] } = {},
): Promise<void> {
  await runProgram('sh', ['-c', MOUNT, 'sh', file, place], options);
}
