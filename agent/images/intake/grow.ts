// An image that adds layers to another one: its root file system is made of that one's files, and of what the layers on
// top change. They are unpacked over an overlay of it, so that nothing is ever written into shared files; what they
// changed is then put in place.
import { isUtf8 } from 'node:buffer';
import { chmod, chown, lstat, mkdir, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { runProgram } from '../../host/program.ts';
import { LAYOUT_TAG } from '../content/blobs.ts';

/** Switches of overlayfs off that would keep in a file's place only a note of where it is. */
const PLAIN = 'index=off,metacopy=off,redirect_dir=off';
/** In a mount namespace of its own, which ends with it: a killed server leaves no mount, and no program that writes. */
const UNPACK = `
set -e
WITH_US='setpriv --pdeathsig KILL'
cd "$1"
mount -t overlay walt -o nosuid,nodev,lowerdir=grown,upperdir=upper,workdir=scratch,${PLAIN} merged
$WITH_US umoci raw unpack --image "$2" merged
cd merged
$WITH_US find . -mindepth 1 -printf '%P\\0' > ../names`;

type Options = {
  /** OCI layout of the layers on top, as an image of their own */
  readonly layout: string;
  /** holds `grown`, the files of the image below as hard links; on the file system of the store */
  readonly work: string;
};

/**
 * Changes `grown` in `work` to what it is with the layers on top.
 * @returns its path; undefined where this machine or these names do not allow it
 * @throws {WaltError} if a layer cannot be unpacked
 */
export async function grow({ layout, work }: Options): Promise<string | undefined> {
  const [grown, upper] = [join(work, 'grown'), join(work, 'upper')];
  await mkdir(join(work, 'scratch'));
  await mkdir(join(work, 'merged'));
  await mkdirLike(grown, upper);
  const script = ['--mount', 'sh', '-c', UNPACK, 'sh', work, `${layout}:${LAYOUT_TAG}`];
  await runProgram('unshare', script, { diesWithUs: true });
  const list = await readFile(join(work, 'names'));
  if (!isUtf8(list)) return undefined;
  const names = new Set(list.toString().split('\0'));
  await apply('', { upper, grown, names });
  await copyFolders(upper, grown);
  return grown;
}

type Change = {
  readonly upper: string;
  readonly grown: string;
  /** every path that there is in the end */
  readonly names: ReadonlySet<string>;
};

/** What is no more goes, what is new or changed comes. @param folder path of a folder of `upper` */
async function apply(folder: string, change: Change): Promise<void> {
  const { upper, grown, names } = change;
  await makeFolder(join(grown, folder));
  for (const name of await readdir(join(grown, folder))) {
    const path = join(folder, name);
    if (!names.has(path)) await rm(join(grown, path), { recursive: true });
  }
  for (const entry of await readdir(join(upper, folder), { withFileTypes: true })) {
    const path = join(folder, entry.name);
    // The mark of something deleted.
    if (!names.has(path)) continue;
    if (entry.isDirectory()) {
      await apply(path, change);
      continue;
    }
    await rm(join(grown, path), { recursive: true, force: true });
    await rename(join(upper, path), join(grown, path));
  }
}

/** Never through a link. */
async function makeFolder(path: string): Promise<void> {
  const status = await lstat(path).catch(() => undefined);
  if (status?.isDirectory() === true) return;
  if (status !== undefined) await rm(path);
  await mkdir(path);
}

/** Owners, modes, times and attributes of folders, but for what overlayfs notes for itself. */
async function copyFolders(upper: string, grown: string): Promise<void> {
  const exactly = ['--archive', '--acls', '--xattrs', '--numeric-ids'];
  const folders = ['--filter=-x trusted.overlay.*', '--include=*/', '--exclude=*'];
  await runProgram('rsync', [...exactly, ...folders, `${upper}/`, grown], { diesWithUs: true });
}

async function mkdirLike(model: string, folder: string): Promise<void> {
  const { mode, uid, gid } = await stat(model);
  await mkdir(folder);
  await chown(folder, uid, gid);
  await chmod(folder, mode & 0o7777);
}
