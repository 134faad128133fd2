// Folders that a hot pack has with all that is in them: of these a node asks nothing over NFS, not even for names that are not there, which
// are half of what a boot asks for. Pure.
import { dirname } from 'node:path';
import type { Entry } from './image-tree.ts';

/** What a pack has for folders to be whole. */
export type WholeFolders = {
  /** the topmost ones, sorted: what is below them is whole too */
  readonly folders: readonly string[];
  /** what the pack has of them besides the files that boots read: paths, sorted */
  readonly added: readonly string[];
};

/** So much of what no boot reads may be added to a folder that boots read, and to the pack. */
const MOST_ADDED_TO_FOLDER = 2 ** 21;
const MOST_ADDED = 2 ** 22;
/** And so much for each of its names: large files are not worth the question that they save. */
const MOST_ADDED_FOR_NAME = 2 ** 12;
const MOST_NAMES_OF_FOLDER = 5000;
/** Of its names, boots read one at least; of all time zones one would do. */
const MOST_NAMES_FOR_HOT = 100;

/** What is below a folder, at all depths. */
type Content = { hotFiles: number; isClosed: boolean; coldBytes: number; names: number };

/**
 * Which folders are to be whole: those where boots read something and little is missing, and those in which there is nothing to read, as
 * `/usr/local` or `/tmp` of many images. Never the root, where things may be that no pack has.
 * @param hot paths of files that boots read
 */
export function wholeFolders(entries: readonly Entry[], hot: ReadonlySet<string>): WholeFolders {
  const contents = contentsOf(entries, hot);
  let room = MOST_ADDED;
  const folders = new Set<string>();
  const sorted = entries.toSorted((one, other) => (one.path < other.path ? -1 : 1));
  // Each folder comes before what is in it.
  for (const { path } of sorted.filter(({ kind }) => kind === 'folder')) {
    const content = contents.get(path);
    if (content === undefined || isBelow(folders, path) || !isWorth(content, room)) continue;
    room -= content.coldBytes;
    folders.add(path);
  }
  const added = sorted.filter(({ path }) => folders.has(path) || isBelow(folders, path));
  return { folders: [...folders], added: added.map(({ path }) => path) };
}

function isWorth({ hotFiles, isClosed, coldBytes, names }: Content, room: number): boolean {
  if (isClosed || names > MOST_NAMES_OF_FOLDER) return false;
  if (coldBytes === 0) return true;
  const most = Math.min(MOST_ADDED_TO_FOLDER, names * MOST_ADDED_FOR_NAME, room);
  return hotFiles * MOST_NAMES_FOR_HOT >= names && coldBytes <= most;
}

function contentsOf(entries: readonly Entry[], hot: ReadonlySet<string>): Map<string, Content> {
  const contents = new Map<string, Content>();
  for (const { path, kind } of entries) {
    if (kind === 'folder') {
      contents.set(path, { hotFiles: 0, isClosed: false, coldBytes: 0, names: 0 });
    }
  }
  for (const { path, kind, bytes } of entries) {
    const isHot = hot.has(path);
    for (const folder of foldersAbove(path)) {
      const content = contents.get(folder);
      if (content === undefined) continue;
      content.names += 1;
      content.isClosed ||= kind === 'closed';
      if (isHot) content.hotFiles += 1;
      else content.coldBytes += bytes;
    }
  }
  return contents;
}

function isBelow(folders: ReadonlySet<string>, path: string): boolean {
  return foldersAbove(path).some((folder) => folders.has(folder));
}

/** Without the root. */
function foldersAbove(path: string): string[] {
  const above: string[] = [];
  for (let folder = dirname(path); folder !== '.'; folder = dirname(folder)) above.push(folder);
  return above;
}
