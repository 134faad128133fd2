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
/** Of all folders that are whole: names without content cost no bytes, and are looked at one by one all the same. */
const MOST_NAMES = 20_000;
/** Of its names, boots read one at least; of all time zones one would do. */
const MOST_NAMES_FOR_HOT = 100;

/** What is below a folder, at all depths. */
type Content = { hotFiles: number; isClosed: boolean; coldBytes: number; names: number };

/**
 * Which folders are to be whole: those where boots read something and little is missing, and those in which there is nothing to read, as
 * `/usr/local` or `/tmp` of many images. Never the root, where things may be that no pack has. How deep folders are costs nothing: of
 * each name its own folder alone is looked for.
 * @param sorted as `imageTree` has them: each folder before what is in it
 * @param hot paths of files that boots read
 */
export function wholeFolders(sorted: readonly Entry[], hot: ReadonlySet<string>): WholeFolders {
  const contents = contentsOf(sorted, hot);
  const room: Room = { bytes: MOST_ADDED, names: MOST_NAMES };
  const folders: string[] = [];
  const added: string[] = [];
  /** folders that are whole, or below one */
  const inside = new Set<string>();
  for (const { path, kind } of sorted) {
    const isBelow = inside.has(dirname(path));
    const content = isBelow || kind !== 'folder' ? undefined : contents.get(path);
    const isTopmost = content !== undefined && isWorth(content, room);
    if (isTopmost) {
      room.bytes -= content.coldBytes;
      room.names -= content.names + 1;
      folders.push(path);
    }
    if (!isBelow && !isTopmost) continue;
    added.push(path);
    if (kind === 'folder') inside.add(path);
  }
  return { folders, added };
}

/** What may still be added. */
type Room = { bytes: number; names: number };

function isWorth({ hotFiles, isClosed, coldBytes, names }: Content, room: Room): boolean {
  if (isClosed || names > MOST_NAMES_OF_FOLDER || names >= room.names) return false;
  if (coldBytes === 0) return true;
  const most = Math.min(MOST_ADDED_TO_FOLDER, names * MOST_ADDED_FOR_NAME, room.bytes);
  return hotFiles * MOST_NAMES_FOR_HOT >= names && coldBytes <= most;
}

/** @param sorted each folder before what is in it */
function contentsOf(
  sorted: readonly Entry[],
  hot: ReadonlySet<string>,
): ReadonlyMap<string, Content> {
  const contents = new Map<string, Content>();
  for (const { path, kind } of sorted) {
    if (kind === 'folder') {
      contents.set(path, { hotFiles: 0, isClosed: false, coldBytes: 0, names: 0 });
    }
  }
  // Backwards, so that a folder has all of its own when it is added to the one above.
  for (const { path, kind, bytes } of sorted.toReversed()) {
    const above = contents.get(dirname(path));
    if (above === undefined) continue;
    const { hotFiles, isClosed, coldBytes, names } = contents.get(path) ?? NOTHING_BELOW;
    const isHot = hot.has(path);
    above.names += 1 + names;
    above.isClosed ||= kind === 'closed' || isClosed;
    above.hotFiles += hotFiles + (isHot ? 1 : 0);
    above.coldBytes += coldBytes + (isHot ? 0 : bytes);
  }
  return contents;
}

const NOTHING_BELOW: Content = { hotFiles: 0, isClosed: false, coldBytes: 0, names: 0 };
