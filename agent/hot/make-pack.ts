// Makes a hot pack: a squashfs with the files of a list, as they are in the image, and with all its symbolic links: no memory tells
// which of these were read, and each costs two questions over NFS, and hardly a byte here. Folders of which little is missing have all that is
// in them, and say so to overlayfs, which then looks for nothing below it. NFS carries no extended attributes, so that the
// pack has no others: with and without it a node sees the same.
import { mkdtemp, open, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setImmediate as restOfTheTurn } from 'node:timers/promises';
import { runProgram } from '../host/processes/program.ts';
import { withFolders } from './hot-list.ts';
import { type Entry, imageTree, unfitOf, unreadableOf } from './image-tree.ts';
import { type WholeFolders, wholeFolders } from './whole-folders.ts';

const MAKE = [
  ...['-tar', '-comp', 'zstd', '-Xcompression-level', '15', '-noappend'],
  ...['-quiet', '-no-progress', '-processors', '1', '-mkfs-time', '0'],
];

const WORK = '.making-';
/** An image with more has them for another reason than to boot. */
const MOST_LINKS = 20_000;
/** Folders within folders of which something cannot be read. */
const MOST_TRIES = 20;
/** Of a folder that is whole; Linux, Documentation/filesystems/overlayfs.rst, "whiteouts and opaque directories". */
const WHOLE = 'SCHILY.xattr.trusted.overlay.opaque:=y';
/**
 * Whole seconds are all that squashfs has, and mksquashfs fails for parts of them before 1970. The other times stay: without any of such
 * headers GNU tar would write none for WHOLE, and go on in the old format.
 */
const PLAIN_TIMES = 'delete=mtime';

/**
 * Writes a pack, whole or not at all.
 * @param options.files paths below `root`, sorted
 * @param options.path of the pack
 * @returns bytes of the pack
 * @throws {WaltError} if there is no room
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
    const [tar, made] = [join(work, 'tar'), join(work, 'pack')];
    const quietly = { diesWithUs: true, env: { LC_ALL: 'C.UTF-8', TZ: 'UTC' } };
    for (const { names, paxes } of await partsOf(root, files)) {
      const list = join(work, 'list');
      await writeFile(list, names.map((name) => `./${name}\0`).join(''));
      const what = ['--no-recursion', '--null', '--verbatim-files-from', `--files-from=${list}`];
      const form = ['--format=pax', `--pax-option=${[PLAIN_TIMES, ...paxes].join(',')}`];
      const where = ['--append', `--file=${tar}`, ...form, `--directory=${root}`];
      await runProgram('nice', ['tar', ...where, ...what], quietly);
    }
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

/** What goes into the archive, and how: each folder before what is in it. */
async function partsOf(
  root: string,
  files: readonly string[],
): Promise<{ readonly names: readonly string[]; readonly paxes: readonly string[] }[]> {
  const tree = await imageTree(root);
  const closed = new Set(tree.filter(({ kind }) => kind === 'closed').map(({ path }) => path));
  const unfit = await unfitOf(root, withFolders(files));
  const open = files.filter((file) => !closed.has(file) && !unfit.has(file));
  const { folders, added } = await readableFolders(root, { tree, files: open });
  const links = tree.filter(({ kind }) => kind === 'link').map(({ path }) => path);
  const taken = [...open, ...(links.length > MOST_LINKS ? [] : links), ...added];
  const [whole, all] = [new Set(folders), withFolders(taken)];
  const above = new Set(withFolders(folders));
  return [
    { names: all.filter((name) => above.has(name) && !whole.has(name)), paxes: [] },
    { names: folders, paxes: [WHOLE] },
    { names: all.filter((name) => !above.has(name)), paxes: [] },
  ].filter(({ names }) => names.length > 0);
}

/** One that this process cannot read is not whole, and those above it neither. */
async function readableFolders(
  root: string,
  { tree, files }: { readonly tree: readonly Entry[]; readonly files: readonly string[] },
): Promise<WholeFolders> {
  const hot = new Set(files);
  let entries = tree;
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    // Each part of this takes a moment where there are very many.
    await restOfTheTurn();
    const found = wholeFolders(entries, hot);
    const unreadable = await unreadableOf(root, entries, found.added);
    if (unreadable.size === 0) return found;
    entries = entries.map((entry) =>
      unreadable.has(entry.path) ? { ...entry, kind: 'closed' } : entry,
    );
  }
  return { folders: [], added: [] };
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
