// What a file system holds, in a form that can be compared: one record for each path.
import { createHash } from 'node:crypto';
import { type BigIntStats, createReadStream } from 'node:fs';
import { lstat, readdir, readlink } from 'node:fs/promises';
import { LayerData } from '../../../../agent/images/content/layers/layer-data.ts';
import {
  type File,
  type Folder,
  OWN_ATTRIBUTES,
  type TreeNode,
  walk,
} from '../../../../agent/images/content/tree/image-tree.ts';
import { succeed } from '../../../../lab/programs/run-program.ts';

/** Text has a character for each byte. */
export type Listed = {
  readonly kind: TreeNode['kind'] | 'socket';
  /** not of links: file systems have none for them */
  readonly mode?: string;
  readonly owner: string;
  /** of a file: bytes and SHA-256 */
  readonly content?: string;
  readonly target?: string;
  readonly device?: string;
  /** the first of the names that the file has */
  readonly sameAs?: string;
  readonly xattrs?: Readonly<Record<string, string>>;
  /** nanoseconds since 1970 */
  readonly mtime?: string;
};

/** Path → what is there; the root is `.`. */
export type Listing = Readonly<Record<string, Listed>>;

/** @param layers folders of the layers, lowest first */
export async function listTree(root: Folder, layers: readonly string[]): Promise<Listing> {
  const data = layers.map((layer) => new LayerData(layer));
  const first = new Map<TreeNode, string>();
  const listing: Record<string, Listed> = {};
  try {
    for (const [path, node] of [['.', root] as const, ...walk(root)]) {
      const sameAs = first.get(node);
      first.set(node, sameAs ?? path);
      listing[path] = {
        ...ofTree(node),
        ...(sameAs === undefined ? {} : { sameAs }),
        ...(node.kind === 'file' ? { content: await contentOf(node, data) } : {}),
      };
    }
    return listing;
  } finally {
    for (const one of data) await one.close();
  }
}

function ofTree(node: TreeNode): Listed {
  const { attributes, kind } = node;
  const { mode, uid, gid, seconds, nanoseconds, xattrs } = attributes;
  const mtime = BigInt(seconds) * 1_000_000_000n + BigInt(nanoseconds);
  return {
    kind,
    ...(kind === 'link' ? { target: node.target } : { mode: mode.toString(8) }),
    owner: `${uid}:${gid}`,
    ...(kind === 'character' || kind === 'block' ? { device: `${node.major}:${node.minor}` } : {}),
    ...(Object.keys(xattrs).length > 0 ? { xattrs } : {}),
    // No entry has set that of a folder which is there only because something is in it.
    ...(attributes === OWN_ATTRIBUTES ? {} : { mtime: String(mtime) }),
  };
}

async function contentOf({ content, size }: File, data: readonly LayerData[]): Promise<string> {
  const hash = createHash('sha256');
  if (content.kind === 'bytes') hash.update(content.bytes);
  else
    for await (const part of data[content.layer]?.read(content.offset, size) ?? [])
      hash.update(part);
  return `${size} ${hash.digest('hex')}`;
}

/** @param path of a folder on this machine */
export async function listFolder(path: string): Promise<Listing> {
  const found = [['.', await lstat(path, { bigint: true })] as const, ...(await below(path, ''))];
  const xattrs = await xattrsBelow(path);
  const first = new Map<bigint, string>();
  const listing: Record<string, Listed> = {};
  for (const [name, stats] of found) {
    const sameAs = stats.isDirectory() ? undefined : first.get(stats.ino);
    first.set(stats.ino, sameAs ?? name);
    const own = xattrs.get(name);
    listing[name] = {
      ...(await ofDisk(bytesOf(`${path}/`, name), stats)),
      ...(sameAs === undefined ? {} : { sameAs }),
      ...(own === undefined ? {} : { xattrs: own }),
    };
  }
  return listing;
}

/** Each folder before what is in it, in the order of the names' bytes. */
async function below(path: string, folder: string): Promise<[string, BigIntStats][]> {
  const found: [string, BigIntStats][] = [];
  const names = await readdir(bytesOf(`${path}/`, folder), { encoding: 'buffer' });
  for (const name of names.map((bytes) => bytes.toString('latin1')).sort()) {
    const full = folder === '' ? name : `${folder}/${name}`;
    const stats = await lstat(bytesOf(`${path}/`, full), { bigint: true });
    found.push([full, stats]);
    if (stats.isDirectory()) found.push(...(await below(path, full)));
  }
  return found;
}

function bytesOf(prefix: string, path: string): Buffer {
  return Buffer.concat([Buffer.from(prefix), Buffer.from(path, 'latin1')]);
}

async function ofDisk(path: Buffer, stats: BigIntStats): Promise<Listed> {
  const kind = kindOf(stats);
  const { rdev } = stats;
  const major = ((rdev >> 8n) & 0xfffn) | ((rdev >> 32n) & ~0xfffn);
  const minor = (rdev & 0xffn) | ((rdev >> 12n) & ~0xffn & 0xffffffffn);
  const isDevice = kind === 'character' || kind === 'block';
  return {
    kind,
    ...(kind === 'link'
      ? { target: (await readlink(path, { encoding: 'buffer' })).toString('latin1') }
      : { mode: (stats.mode & 0o7777n).toString(8) }),
    owner: `${stats.uid}:${stats.gid}`,
    ...(isDevice ? { device: `${major}:${minor}` } : {}),
    ...(kind === 'file' ? { content: `${stats.size} ${await digestOf(path)}` } : {}),
    mtime: String(stats.mtimeNs),
  };
}

async function digestOf(path: Buffer): Promise<string> {
  const hash = createHash('sha256');
  for await (const part of createReadStream(path)) hash.update(part);
  return hash.digest('hex');
}

function kindOf(stats: BigIntStats): Listed['kind'] {
  if (stats.isFile()) return 'file';
  if (stats.isDirectory()) return 'folder';
  if (stats.isSymbolicLink()) return 'link';
  if (stats.isCharacterDevice()) return 'character';
  if (stats.isBlockDevice()) return 'block';
  return stats.isFIFO() ? 'fifo' : 'socket';
}

/** As getfattr(1) says them: a line with the path, then one for each attribute, then an empty one. */
async function xattrsBelow(path: string): Promise<Map<string, Record<string, string>>> {
  const how = [
    '--recursive',
    '--physical',
    '--no-dereference',
    '--dump',
    '--encoding=hex',
    '--match=-',
  ];
  const { stdout } = await succeed(['getfattr', ...how, '.'], { cwd: path });
  const found = new Map<string, Record<string, string>>();
  let of: Record<string, string> = {};
  for (const line of stdout.toString('latin1').split('\n')) {
    if (line.startsWith('# file: ')) {
      of = {};
      const name = unescaped(line.slice('# file: '.length));
      found.set(name === '.' ? name : name.replace(/^\.\//, ''), of);
    } else if (line !== '') {
      const [name = '', value = ''] = line.split(/=(?:0x)?/);
      of[unescaped(name)] = Buffer.from(value, 'hex').toString('latin1');
    }
  }
  return found;
}

function unescaped(text: string): string {
  return text.replace(/\\([0-7]{3})/g, (_all, octal: string) =>
    String.fromCharCode(Number.parseInt(octal, 8)),
  );
}

/** Without the times of what `other` has no times of. */
export function withTimesOf(listing: Listing, other: Listing): Listing {
  return Object.fromEntries(
    Object.entries(listing).map(([path, { mtime, ...rest }]) => {
      const isSet = other[path]?.mtime !== undefined && mtime !== undefined;
      return [path, isSet ? { ...rest, mtime } : rest];
    }),
  );
}
