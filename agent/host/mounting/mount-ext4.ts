// Mounts the ext4 file system of a file, for reading and writing.
import { constants, mkdir, open } from 'node:fs/promises';
import { runProgram } from '../processes/program.ts';
import { LOOP_DEVICE } from './loop-device.ts';

const FOLDER = constants.O_RDONLY | constants.O_DIRECTORY;

/**
 * Arguments: the file, and where to mount it. The NFS server may have mounted it, and go on when the server is started again.
 * A device goes when nobody has it mounted any more.
 */
const MOUNT = `
set -e
${LOOP_DEVICE}
device "$1"
trap 'losetup --detach "$found" 2>/dev/null || :' EXIT
mount -i --no-canonicalize -t ext4 -o rw,nosuid,nodev,noatime,errors=remount-ro "$found" "$2"`;

/** A folder in the root of a file system. */
export type OwnedFolder = { readonly name: string; readonly uid: number };

type Options = {
  /** as of `Mounter` */
  readonly files: OwnedFolder;
  /** as `files` of `mountErofs` */
  readonly opened?: readonly number[];
  /** another path to the place, for this process */
  readonly root?: string;
};

/**
 * @param place an empty folder
 * @throws {WaltError} with the reason of mount(8)
 */
export async function mountExt4(
  place: string,
  file: string,
  { files, opened = [], root = place }: Options,
): Promise<void> {
  await runProgram('sh', ['-c', MOUNT, 'sh', file, place], { files: opened });
  await makeOwned(root, files);
}

/** What a node has written there may be anything: a link is not followed. */
async function makeOwned(place: string, { name, uid }: OwnedFolder): Promise<void> {
  await using root = await open(place, FOLDER | constants.O_NOFOLLOW);
  const path = `/proc/self/fd/${root.fd}/${name}`;
  await mkdir(path).catch(unlessThere);
  await using folder = await open(path, FOLDER | constants.O_NOFOLLOW);
  await folder.chown(uid, uid);
  await folder.chmod(0o755);
}

function unlessThere(reason: NodeJS.ErrnoException): void {
  if (reason.code !== 'EEXIST') throw reason;
}
