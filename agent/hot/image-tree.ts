// The names of an image that may go into a hot pack.
import { lstat, open, readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setImmediate as restOfTheTurn } from 'node:timers/promises';
import { runProgram } from '../host/processes/program.ts';

/** One name of an image. */
export type Entry = {
  /** below the root */
  readonly path: string;
  /** `closed`: what no pack can have */
  readonly kind: 'file' | 'folder' | 'link' | 'closed';
  /** of a file */
  readonly bytes: number;
};

/** An image with more has them for another reason than to boot. */
const MOST_ENTRIES = 100_000;
/** Of all of them, as find(1) prints them: an image may have folders in folders in folders. */
const MOST_BYTES = 2 ** 24;
/** The kernel takes 4,096 bytes, of which some lead to the root. */
const LONGEST_PATH = 3000;
/** Seconds since 1970: squashfs has no others. */
const TIMES_END = 2 ** 32;
/** Others are answered between so many. */
const READ_A_TURN = 4096;

/**
 * Arguments: a root, how many entries and bytes at most, and the type of those that are wanted, or nothing. What boot loaders read is left
 * out.
 */
const FIND = `cd "$1" && find . -xdev -path ./boot -prune -o \${4:+-type "$4"} -printf '%y %D %s %T@ %P\\0' 2>/dev/null |
  head -z -n "$2" | head -c "$3"`;

const KINDS: Readonly<Record<string, Entry['kind']>> = { f: 'file', d: 'folder', l: 'link' };

/**
 * All names of an image but those of boot loaders, sorted, each folder before what is in it. Of an image that has very many only its links are
 * here; of one that cannot be read, or has very many of these too, nothing: a pack without them is one all the same.
 */
export async function imageTree(root: string): Promise<Entry[]> {
  const found = (await entriesOf(root, '')) ?? (await entriesOf(root, 'l')) ?? [];
  const [, device] = found[0]?.split(' ') ?? [];
  const entries: Entry[] = [];
  const closed = new Set<string>();
  for (const [at, text] of found.entries()) {
    if (at % READ_A_TURN === READ_A_TURN - 1) await restOfTheTurn();
    const entry = entryOf(text, { device, closed });
    if (entry.path === '') continue;
    if (entry.kind === 'closed') closed.add(entry.path);
    entries.push(entry);
  }
  await restOfTheTurn();
  return entries.toSorted((one, other) => (one.path < other.path ? -1 : 1));
}

/** @returns undefined where there are too many */
async function entriesOf(root: string, type: string): Promise<string[] | undefined> {
  const most = [String(MOST_ENTRIES + 1), String(MOST_BYTES)];
  const words = ['sh', '-c', FIND, 'sh', root, ...most, type];
  const found = await runProgram('nice', words, { diesWithUs: true }).catch(() => '');
  if (Buffer.byteLength(found) >= MOST_BYTES) return undefined;
  const entries = found.split('\0').filter((entry) => entry !== '');
  return entries.length > MOST_ENTRIES ? undefined : entries;
}

/** What is the same of all of an image: the device of its root, which comes first where there are folders, and what was read before. */
type Around = { readonly device: string | undefined; readonly closed: ReadonlySet<string> };

/**
 * A name that is no text is left to NFS: nobody could write it into a list. So is what has a time that squashfs has not, what is below
 * such a folder, and a folder that something else is mounted on: nodes may see what is behind it.
 */
function entryOf(text: string, { device, closed }: Around): Entry {
  const [, type = '', where, bytes, time, path = ''] =
    /^(.) (\d+) (\d+) (\S+) (.*)$/s.exec(text) ?? [];
  const canBeIn =
    isText(path) &&
    isTime(Number(time)) &&
    (type !== 'd' || where === device) &&
    !closed.has(dirname(path));
  const kind = (canBeIn ? KINDS[type] : undefined) ?? 'closed';
  return { path, kind, bytes: kind === 'file' ? Number(bytes) : 0 };
}

function isText(path: string): boolean {
  return !path.includes('\ufffd') && Buffer.byteLength(path) <= LONGEST_PATH;
}

/** @param seconds since 1970 */
function isTime(seconds: number): boolean {
  return seconds >= 0 && seconds < TIMES_END;
}

/**
 * Which of these paths are left to NFS for what they are themselves, or what leads to them is: a tree without most names says it of none.
 * @param paths each folder before what is in it
 */
export async function unfitOf(root: string, paths: readonly string[]): Promise<Set<string>> {
  const unfit = new Set<string>();
  for (const path of paths) {
    const stats = isText(path) ? await lstat(join(root, path)).catch(() => undefined) : undefined;
    const isFit = stats !== undefined && isTime(stats.mtimeMs / 1000) && !unfit.has(dirname(path));
    if (!isFit) unfit.add(path);
  }
  return unfit;
}

/**
 * Which of these files and folders this process cannot read, or has not seen all of. The kernel asks for this the rights of the one who
 * opens them: what find(1) says of them leaves capabilities out.
 */
export async function unreadableOf(
  root: string,
  tree: readonly Entry[],
  paths: readonly string[],
): Promise<Set<string>> {
  await restOfTheTurn();
  const kinds = new Map(tree.map(({ path, kind }) => [path, kind]));
  const seen = new Map<string, number>();
  for (const { path } of tree) seen.set(dirname(path), (seen.get(dirname(path)) ?? 0) + 1);
  const unreadable = new Set<string>();
  for (const path of paths) {
    const kind = kinds.get(path);
    const isReadable =
      kind === 'folder'
        ? (await countOf(join(root, path))) === (seen.get(path) ?? 0)
        : kind !== 'file' || (await canOpen(join(root, path)));
    if (!isReadable) unreadable.add(path);
  }
  return unreadable;
}

async function countOf(folder: string): Promise<number | undefined> {
  return (await readdir(folder).catch(() => undefined))?.length;
}

async function canOpen(path: string): Promise<boolean> {
  const file = await open(path).catch(() => undefined);
  await file?.close();
  return file !== undefined;
}
