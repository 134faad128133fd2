// The names of an image that may go into a hot pack.
import { open, readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
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

/** Arguments: a root, and how many entries at most. What boot loaders read is left out. */
const FIND = `cd "$1" && find . -mindepth 1 -xdev -path ./boot -prune -o -printf '%y %s %P\\0' 2>/dev/null | head -z -n "$2"`;

const KINDS: Readonly<Record<string, Entry['kind']>> = { f: 'file', d: 'folder', l: 'link' };

/**
 * All names of an image but those of boot loaders. An image that cannot be read, or has very many, has none here: a pack without them is one all
 * the same.
 */
export async function imageTree(root: string): Promise<Entry[]> {
  const words = ['sh', '-c', FIND, 'sh', root, String(MOST_ENTRIES + 1)];
  const found = await runProgram('nice', words, { diesWithUs: true }).catch(() => '');
  const entries = found.split('\0').filter((entry) => entry !== '');
  return entries.length > MOST_ENTRIES ? [] : entries.map(entryOf);
}

/** A name that is no text is left to NFS: nobody could write it into a list. */
function entryOf(text: string): Entry {
  const [, type = '', bytes, path = ''] = /^(.) (\d+) (.*)$/s.exec(text) ?? [];
  const kind = path.includes('\ufffd') ? 'closed' : (KINDS[type] ?? 'closed');
  return { path, kind, bytes: kind === 'file' ? Number(bytes) : 0 };
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
