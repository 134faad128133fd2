// What is exported by the kernel's NFS server, and the text of its exports(5) file.
import { createHash } from 'node:crypto';
import { type NfsExport, NODES_FOLDER, type NodeShare } from '../export.ts';
import { addressBlocks } from './address-blocks.ts';

// Nothing that is exported changes under its readers, so nothing is gained by `sync`. A node is root on its own root file
// system; among the links it is nobody, who may go through their folder and not list it.
const LINKS = 'ro,sync,root_squash,subtree_check';
const IMAGE = 'ro,sync,no_root_squash,no_subtree_check';
// When a machine starts, its NFS service comes before us, who mount images. For an empty folder it would tell nodes that run that their
// files are stale, which is for good; so they wait.
const WHERE_MOUNTED = 'mountpoint';

type KernelExportsOptions = {
  readonly nodesFolder?: string;
  /** where file systems are mounted; images there are exported only while that is so */
  readonly mounts?: ReadonlySet<string>;
};

/** The right of one client to one folder. */
export type KernelExport = {
  readonly path: string;
  /** as exports(5) and exportfs(8) take it: addresses that follow one another are a client together, `10.0.0.4/30` */
  readonly client: string;
  readonly options: string;
};

/**
 * Those of each image, to the nodes that may read it, and those of the folder of symbolic links through which an NFSv4 client
 * walks to its image, to all nodes. That folder shares a file system with other things: `subtree_check` keeps handles made by
 * hand from reaching those.
 */
export function kernelExports(
  exports: readonly NfsExport[],
  { nodesFolder = NODES_FOLDER, mounts = new Set() }: KernelExportsOptions = {},
): KernelExport[] {
  const ips = exports.map(({ ip }) => ip);
  const ofLinks = `${LINKS},fsid=${fsid(nodesFolder)}`;
  const links = exportsOf(nodesFolder, { ips, options: ofLinks });
  const readers = Map.groupBy(exports, ({ imagePath }) => imagePath);
  const images = [...readers].flatMap(([path, nodes]) =>
    exportsOf(path, { ips: nodes.map(({ ip }) => ip), options: imageOptions(path, mounts) }),
  );
  const shares = exports.flatMap(({ ip, share }) =>
    share === undefined ? [] : shareOf(ip, { share, mounts }),
  );
  const byLine = new Map([...links, ...images, ...shares].map((each) => [exportLine(each), each]));
  return [...byLine.values()];
}

function imageOptions(path: string, mounts: ReadonlySet<string>): string {
  const options = mounts.has(path) ? `${IMAGE},${WHERE_MOUNTED}` : IMAGE;
  return `${options},fsid=${fsid(path)}`;
}

/** The text of a file of exports(5). */
export function exportsText(exports: readonly KernelExport[]): string {
  return [...exports.map(exportLine), ''].join('\n');
}

/** The line of one; no two have the same. */
export function exportLine({ path, client, options }: KernelExport): string {
  return `${escaped(path)} ${client}(${options})`;
}

/** Whoever writes on the node, root too, is the owner's user here. */
function shareOf(
  ip: string,
  { share, mounts }: { readonly share: NodeShare; readonly mounts: ReadonlySet<string> },
): KernelExport[] {
  const { path, disk, uid } = share;
  const user = `all_squash,anonuid=${uid},anongid=${uid}`;
  // A comma ends an option, whatever comes before it.
  const isWhereMounted = mounts.has(disk) && !/[\s,()"\\]/.test(disk);
  const where = isWhereMounted ? `,${WHERE_MOUNTED}=${disk}` : '';
  const options = `rw,sync,${user},no_subtree_check${where},fsid=${fsid(path)}`;
  return exportsOf(path, { ips: [ip], options });
}

/** To subnets, also to one of one address: for a bare address mountd would ask the name service who that is. */
function exportsOf(
  path: string,
  { ips, options }: { readonly ips: readonly string[]; readonly options: string },
): KernelExport[] {
  return addressBlocks(ips).map((client) => ({ path, client, options }));
}

/** Part of every file handle: the same after a restart, whatever number the disk then has. */
function fsid(path: string): string {
  const digest = createHash('sha256').update(path).digest('hex');
  return digest.slice(0, 32).replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

/** exports(5): what would end a word is written as a backslash and three octal digits. */
function escaped(path: string): string {
  return path.replaceAll(
    /[\s"#\\()]/g,
    (char) => `\\${char.charCodeAt(0).toString(8).padStart(3, '0')}`,
  );
}
