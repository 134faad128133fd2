// Lays one layer over a tree: OCI image specification 1.1, "Applying Changesets". Where that is silent, as umoci does: links in
// the folders of a path are followed inside the image, and marks of deletion touch nothing that the layer itself has brought.
import { ImageError } from '../../../errors.ts';
import { type LayerEntry, shownPath } from '../layers/layer-entry.ts';
import { find, placeOf } from './find.ts';
import { type Attributes, type Folder, OWN_ATTRIBUTES, type TreeNode } from './image-tree.ts';

const MARK = '.wh.';
const OPAQUE = '.wh..wh..opq';
/** Marks that AUFS made for itself. */
const AUFS = '.wh..wh.';

/** What a Debian has in /dev before anything is mounted there: major and minor (Linux, admin-guide/devices). */
const HARMLESS_DEVICES: Readonly<Record<string, readonly [number, number]>> = {
  'dev/null': [1, 3],
  'dev/zero': [1, 5],
  'dev/full': [1, 7],
  'dev/random': [1, 8],
  'dev/urandom': [1, 9],
  'dev/tty': [5, 0],
  'dev/console': [5, 1],
  'dev/ptmx': [5, 2],
};

type Applying = {
  readonly root: Folder;
  /** which one from below, 0 the lowest */
  readonly layer: number;
  /** paths that this layer brought, and the folders above them */
  readonly brought: Set<string>;
};

/**
 * Changes `root` to what it is with the layer on top.
 * @throws {ImageError} if the image is to be refused for an entry
 */
export function applyLayer(root: Folder, entries: readonly LayerEntry[], layer: number): void {
  const apply = layerOver(root, layer);
  for (const entry of entries) apply(entry);
}

/** The same for entries that come one by one, in the order of the layer. @returns what takes them */
export function layerOver(root: Folder, layer: number): (entry: LayerEntry) => void {
  const applying: Applying = { root, layer, brought: new Set() };
  return (entry) => applyEntry(entry, applying);
}

function applyEntry(entry: LayerEntry, applying: Applying): void {
  const { root, brought } = applying;
  const name = entry.path.slice(entry.path.lastIndexOf('/') + 1);
  if (name.startsWith(MARK)) {
    applyMark(entry, { name, applying });
    return;
  }
  const place = placeOf(root, entry.path, {
    fail: (reason) => trick(entry.path, reason),
    // A file of a layer below gives way to a folder.
    replace: (path) => !brought.has(path),
  });
  if (place === undefined) {
    if (entry.kind !== 'folder') throw new ImageError('the root of it is no folder');
    root.attributes = attributesOf(entry, 'folder');
    return;
  }
  const before = place.folder.children.get(place.name);
  const node = nodeOf(entry, { place: place.path, before, applying });
  place.folder.children.set(place.name, node);
  bring(place.path, brought);
}

function bring(path: string, brought: Set<string>): void {
  for (
    let at = path;
    at !== '' && !brought.has(at);
    at = at.slice(0, Math.max(0, at.lastIndexOf('/')))
  ) {
    brought.add(at);
  }
}

type Making = {
  readonly place: string;
  readonly before: TreeNode | undefined;
  readonly applying: Applying;
};

function nodeOf(entry: LayerEntry, { place, before, applying }: Making): TreeNode {
  const { kind } = entry;
  if (kind === 'hard-link') return linked(entry, { place, applying });
  const attributes = attributesOf(entry, kind);
  if (kind === 'folder') {
    const children = before?.kind === 'folder' ? before.children : new Map<string, TreeNode>();
    return { kind, attributes, children };
  }
  if (kind === 'file') {
    const content = { kind: 'layer', layer: applying.layer, offset: entry.offset } as const;
    return { kind, attributes, size: entry.size, content };
  }
  if (kind === 'link') return { kind, attributes, target: entry.target };
  if (kind === 'fifo') return { kind, attributes };
  checkDevice(entry, place);
  return { kind, attributes, major: entry.major, minor: entry.minor };
}

/** The file has one set of attributes, whatever its name: those that were said last. */
function linked(entry: LayerEntry, { place, applying }: Omit<Making, 'before'>): TreeNode {
  const why = (reason: string) =>
    new ImageError(
      `${shownPath(entry.path)} is a hard link to ${shownPath(entry.target)}: ${reason}`,
    );
  const slash = entry.target.lastIndexOf('/');
  const name = entry.target.slice(slash + 1);
  const target = folderAt(applying.root, entry.target.slice(0, Math.max(0, slash)), why);
  const node = target?.folder.children.get(name);
  if (node === undefined) throw why('there is no such file');
  if (node.kind === 'folder') throw why('that is a folder');
  if (joined(target?.path ?? '', name) === place) throw why('that is itself');
  const attributes = attributesOf(entry, node.kind);
  const hasXattrs = Object.keys(attributes.xattrs).length > 0;
  node.attributes = hasXattrs ? attributes : { ...attributes, xattrs: node.attributes.xattrs };
  return node;
}

function applyMark(
  entry: LayerEntry,
  { name, applying }: { readonly name: string; readonly applying: Applying },
): void {
  const { root, brought } = applying;
  const isOpaque = name === OPAQUE;
  if (!isOpaque && name.startsWith(AUFS)) return;
  const gone = name.slice(MARK.length);
  if (gone === '' || gone === '.' || gone === '..') {
    throw new ImageError(`${shownPath(entry.path)} marks nothing as deleted`);
  }
  const folderPath = entry.path.slice(0, entry.path.length - name.length);
  const place = folderAt(root, folderPath, (reason) => trick(entry.path, reason));
  if (place === undefined) return;
  if (isOpaque) {
    empty(place.folder, place.path, brought);
    return;
  }
  const path = joined(place.path, gone);
  const node = place.folder.children.get(gone);
  if (node === undefined) return;
  if (!brought.has(path)) place.folder.children.delete(gone);
  else if (node.kind === 'folder') empty(node, path, brought);
}

/** Takes away what a folder has from layers below. */
function empty(folder: Folder, path: string, brought: ReadonlySet<string>): void {
  for (const [name, node] of folder.children) {
    const full = joined(path, name);
    if (!brought.has(full)) folder.children.delete(name);
    else if (node.kind === 'folder') empty(node, full, brought);
  }
}

/** The folder of a path, if there is one. */
function folderAt(
  root: Folder,
  path: string,
  fail: (reason: string) => Error,
): { readonly folder: Folder; readonly path: string } | undefined {
  const found = find(root, path);
  if (found.kind === 'refused') throw fail(found.reason);
  if (found.kind === 'missing' || found.node.kind !== 'folder') return undefined;
  return { folder: found.node, path: found.path };
}

function checkDevice({ kind, path, major, minor }: LayerEntry, place: string): void {
  const harmless = HARMLESS_DEVICES[place];
  if (kind === 'character' && harmless?.[0] === major && harmless[1] === minor) return;
  throw new ImageError(
    `${shownPath(path)} is a device file (${kind} ${major}:${minor}): remove it, nodes make their own in /dev`,
  );
}

function attributesOf(
  { mode, uid, gid, seconds, nanoseconds, xattrs }: LayerEntry,
  kind: TreeNode['kind'],
): Attributes {
  return { mode, uid, gid, seconds, nanoseconds, xattrs: possibleXattrs(xattrs, kind) };
}

/** Linux lets only files and folders have attributes of the user; containerd leaves out those of others too (xattr(7)). */
function possibleXattrs(
  xattrs: LayerEntry['xattrs'],
  kind: TreeNode['kind'],
): LayerEntry['xattrs'] {
  const names = Object.keys(xattrs);
  // One object for all that have none: they are most of a hundred thousand files.
  if (names.length === 0) return OWN_ATTRIBUTES.xattrs;
  if (kind === 'file' || kind === 'folder') return xattrs;
  return Object.fromEntries(Object.entries(xattrs).filter(([name]) => !name.startsWith('user.')));
}

function joined(folder: string, name: string): string {
  return folder === '' ? name : `${folder}/${name}`;
}

function trick(path: string, how: string): ImageError {
  return new ImageError(`'${shownPath(path)}' cannot be followed: ${how}`);
}
