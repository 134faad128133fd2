// The text of an exports(5) file for the kernel's NFS server.
import { createHash } from 'node:crypto';
import { type NfsExport, NODES_FOLDER, type NodeShare } from '../export.ts';

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

/**
 * One line for each node and image it may read, and one for the folder of symbolic links through which an NFSv4
 * client walks to its image. That folder shares a file system with other things: `subtree_check` keeps handles
 * made by hand from reaching those.
 */
export function kernelExports(
  exports: readonly NfsExport[],
  { nodesFolder = NODES_FOLDER, mounts = new Set() }: KernelExportsOptions = {},
): string {
  const links = exports.map(({ ip }) =>
    exportLine(nodesFolder, ip, `${LINKS},fsid=${fsid(nodesFolder)}`),
  );
  const images = exports.map(({ ip, imagePath }) => {
    const options = mounts.has(imagePath) ? `${IMAGE},${WHERE_MOUNTED}` : IMAGE;
    return exportLine(imagePath, ip, `${options},fsid=${fsid(imagePath)}`);
  });
  const shares = exports.flatMap(({ ip, share }) =>
    share === undefined ? [] : [shareLine(ip, share)],
  );
  return [...new Set([...links, ...images, ...shares]), ''].join('\n');
}

/** Whoever writes on the node, root too, is the owner's user here. */
function shareLine(ip: string, { path, uid }: NodeShare): string {
  const user = `all_squash,anonuid=${uid},anongid=${uid}`;
  return exportLine(path, ip, `rw,sync,${user},no_subtree_check,fsid=${fsid(path)}`);
}

/** As a subnet of one address: for a bare address mountd would ask the name service who that is. */
function exportLine(path: string, ip: string, options: string): string {
  return `${escaped(path)} ${ip}/32(${options})`;
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
