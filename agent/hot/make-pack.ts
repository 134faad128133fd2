// Makes a hot pack: a squashfs with the files of a list, as they are in the image, and with all its symbolic links: no memory tells
// which of these were read, and each costs two questions over NFS, and hardly a byte here. NFS carries no extended attributes, so that the
// pack has none either: with and without it a node sees the same.
import { mkdtemp, open, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { runProgram } from '../host/processes/program.ts';
import { withFolders } from './hot-list.ts';

const MAKE = [
  ...['-tar', '-comp', 'zstd', '-Xcompression-level', '15', '-no-xattrs', '-noappend'],
  ...['-quiet', '-no-progress', '-processors', '1', '-mkfs-time', '0'],
];

const WORK = '.making-';
/** An image with more has them for another reason than to boot. */
const MOST_LINKS = 20_000;

/**
 * Writes a pack, whole or not at all.
 * @param options.files paths below `root`, sorted
 * @param options.path of the pack
 * @returns bytes of the pack
 * @throws {WaltError} if a file is not there, or there is no room
 */
export async function makePack({
  root,
  files,
  path,
}: {
  readonly root: string;
  readonly files: readonly string[];
  readonly path: string;
}): Promise<number> {
  const folder = dirname(path);
  // What a server has left that was killed: one pack is made at a time.
  for (const name of await readdir(folder)) {
    if (name.startsWith(WORK)) await rm(join(folder, name), { recursive: true, force: true });
  }
  const work = await mkdtemp(join(folder, WORK));
  try {
    const [list, tar, made] = ['list', 'tar', 'pack'].map((name) => join(work, name)) as [
      string,
      string,
      string,
    ];
    const names = withFolders([...files, ...(await linksOf(root))]).map((name) => `./${name}`);
    await writeFile(list, names.map((name) => `${name}\0`).join(''));
    const quietly = { diesWithUs: true, env: { LC_ALL: 'C.UTF-8', TZ: 'UTC' } };
    const what = ['--no-recursion', '--null', '--verbatim-files-from', `--files-from=${list}`];
    await runProgram(
      'nice',
      ['tar', '--create', `--file=${tar}`, '--format=pax', `--directory=${root}`, ...what],
      quietly,
    );
    // The program reads an archive from its standard input alone.
    const script =
      'tar=$1 made=$2; shift 2; exec nice mksquashfs - "$made" "$@" < "$tar" > /dev/null';
    await runProgram(
      'sh',
      ['-c', script, 'sh', tar, made, ...MAKE, ...(await asRoot(root))],
      quietly,
    );
    await synced(made);
    await rename(made, path);
    return (await stat(path)).size;
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** Arguments: a root, and how many links at most. What this process may not look into has none that tar could read. */
const FIND_LINKS = `cd "$1" && find . -xdev -path ./boot -prune -o -type d ! -executable -prune -o -type l -printf '%P\\0' 2>/dev/null |
  head -z -n "$2"`;

/**
 * Paths below the root, without what boot loaders read; those whose names are no text are left to NFS. A pack without them is one all
 * the same, so that nothing fails here.
 */
async function linksOf(root: string): Promise<string[]> {
  const words = ['sh', '-c', FIND_LINKS, 'sh', root, String(MOST_LINKS + 1)];
  const found = await runProgram('nice', words, { diesWithUs: true }).catch(() => '');
  const paths = found.split('\0').filter((path) => path !== '');
  return paths.length > MOST_LINKS ? [] : paths.filter((path) => !path.includes('\ufffd'));
}

/** A power cut must not leave a pack of which parts are missing: nodes would lay it over their image. */
async function synced(path: string): Promise<void> {
  const file = await open(path);
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}

/** A folder is as the uppermost layer has it, the root too. */
async function asRoot(root: string): Promise<string[]> {
  const { mode, uid, gid } = await stat(root);
  const permissions = (mode & 0o7777).toString(8);
  return ['-root-mode', permissions, '-root-uid', `${uid}`, '-root-gid', `${gid}`];
}
