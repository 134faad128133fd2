// Numbers for exports. The number is part of every file handle a node holds, so it stays with its node and image
// for as long as they are together, over restarts of everything; and it must change where the image does.
import { type NfsExport, nodeNames } from '../../export.ts';

/** One line of ganesha's configuration. */
export type ExportEntry = {
  readonly id: number;
  /** Whose it is: an IP or a MAC address. */
  readonly name: string;
  readonly imagePath: string;
  readonly client: string;
  /** Of what the node may write, and not of an image: the user that all files belong to. */
  readonly uid?: number;
};

/** What ganesha serves, in the order of its file, and the number given away last. */
export type ExportTable = { readonly lastId: number; readonly entries: readonly ExportEntry[] };

/** Ids are 16 bits wide in ganesha's file handles; 0 is that of the root, the last one our witness's. */
export const ROOT_ID = 0;
export const WITNESS_ID = 65535;

/** The upper half are the numbers of folders. */
export const HIGHEST_ID = (WITNESS_ID - 1) / 2;

/** The number of the export that is the folder around another one. */
export function folderId({ id }: Pick<ExportEntry, 'id'>): number {
  return HIGHEST_ID + id;
}

/** Of a server that never had a node. */
export const NO_EXPORTS: ExportTable = { lastId: 0, entries: [] };

/**
 * The steps from what is served to what is wanted, to be served one after the other. Ganesha refuses a mount path
 * that another export has, and one that moves to another path breaks its NFSv4 tree: so where an image takes the
 * place of another, the old one goes first.
 * @throws {RangeError} if all numbers are taken
 */
export function planExports(
  current: ExportTable,
  exports: readonly NfsExport[],
): readonly ExportTable[] {
  const wanted = numbered(current, exports);
  const ids = new Map(current.entries.map((entry) => [placeOf(entry), entry.id]));
  const staying = wanted.entries.filter(
    (entry) => (ids.get(placeOf(entry)) ?? entry.id) === entry.id,
  );
  if (staying.length === wanted.entries.length) return [wanted];
  return [{ ...wanted, entries: staying }, wanted];
}

function numbered(current: ExportTable, exports: readonly NfsExport[]): ExportTable {
  const known = new Map(current.entries.map((entry) => [keyOf(entry), entry.id]));
  const taken = new Set(known.values());
  let lastId = current.lastId;
  const newId = () => {
    lastId = nextFree(lastId, taken);
    taken.add(lastId);
    return lastId;
  };
  const entries = exports
    .flatMap(unnumbered)
    .map((entry) => ({ ...entry, id: known.get(keyOf(entry)) ?? newId() }));
  return { lastId, entries: entries.toSorted((a, b) => a.id - b.id) };
}

function unnumbered(each: NfsExport): Omit<ExportEntry, 'id'>[] {
  const { ip: client, imagePath, share } = each;
  const images = nodeNames(each).map((name) => ({ name, client, imagePath }));
  if (share === undefined) return images;
  const { path, uid } = share;
  return [...images, ...nodeNames(each).map((name) => ({ name, client, imagePath: path, uid }))];
}

/** A freed number is the last to be used again: a handle from long ago then means nothing. */
function nextFree(last: number, taken: ReadonlySet<number>): number {
  for (let step = 1; step <= HIGHEST_ID; step += 1) {
    const id = ((last + step - 1) % HIGHEST_ID) + 1;
    if (!taken.has(id)) return id;
  }
  throw new RangeError(`Cannot export to more nodes: all ${HIGHEST_ID} export numbers are taken`);
}

type Placed = Pick<ExportEntry, 'name' | 'imagePath' | 'uid'>;

/** What is mounted under one path. */
function placeOf({ name, uid }: Pick<Placed, 'name' | 'uid'>): string {
  return uid === undefined ? name : `${name} persist`;
}

function keyOf(entry: Placed): string {
  return [placeOf(entry), entry.imagePath, entry.uid].join(' ');
}
