// What goes into a hot pack: files that boots read, as far as they are no burden for the memory of a node. Pure.
import { dirname } from 'node:path';

/** A list as it is kept. */
export type HotList = {
  /** paths below the root, sorted */
  readonly files: readonly string[];
  /** of these files, as they are in the image */
  readonly bytes: number;
  /** boots that it was made from */
  readonly boots: number;
};

/** An empty list: no boot was seen yet. */
export const NOTHING: HotList = { files: [], bytes: 0, boots: 0 };

/** A larger file is read in parts by who wants it. */
const LARGEST_FILE = 16 * 2 ** 20;
const LARGEST_PACK = 128 * 2 ** 20;
/** Boots read a thousand or two; each costs 2 KB more on the server's disk while the pack is made, however small it is. */
const MOST_FILES = 20_000;
/** So little more is not worth another pack. */
const WORTH = 512 * 1024;

/** @param list what was known; `read`: size of each file that one more boot has read a part of, by path */
export function withBoot(
  list: HotList,
  read: ReadonlyMap<string, number>,
): { readonly list: HotList; readonly isWorth: boolean } {
  const known = new Set(list.files);
  const fresh = [...read].filter(([path, bytes]) => !known.has(path) && bytes <= LARGEST_FILE);
  let room = LARGEST_PACK - list.bytes;
  const taken = fresh
    .toSorted(([, one], [, other]) => one - other)
    .filter(([, bytes]) => {
      room -= bytes;
      return room >= 0;
    })
    .slice(0, Math.max(0, MOST_FILES - list.files.length));
  const files = [...list.files, ...taken.map(([path]) => path)].toSorted();
  const bytes = taken.reduce((sum, [, one]) => sum + one, 0);
  const isWorth = list.boots === 0 ? files.length > 0 : bytes >= WORTH;
  return { list: { files, bytes: list.bytes + bytes, boots: list.boots + 1 }, isWorth };
}

/** The list with the folders that lead to its files, each before what is in it. */
export function withFolders(files: readonly string[]): string[] {
  const all = new Set<string>();
  for (const file of files) {
    // What leads to a folder that is there is there too: deep folders are not gone through for each of their files.
    for (let path = file; path !== '.' && !all.has(path); path = dirname(path)) all.add(path);
  }
  return [...all].toSorted();
}
