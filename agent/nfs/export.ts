// What a node finds when it mounts its root file system: the one image it boots, under two names.
import { isAbsolute } from 'node:path';
import { isIp } from '../protocol/ip.ts';
import { isMac } from '../protocol/mac.ts';

/** One node's right to its image. There is one of these for each node. */
export type NfsExport = {
  readonly ip: string;
  /** Lower-case with colons. */
  readonly mac: string;
  /** The folder that the node gets as its root; absolute, on the server's disk. */
  readonly imagePath: string;
  /** What the node may write, if it keeps anything on the server. */
  readonly share?: NodeShare;
};

/** A folder of the server that one node may write. */
export type NodeShare = {
  /** Absolute, on a file system of its own: nothing else can be reached by handles of its files. */
  readonly path: string;
  /** Where that file system is mounted; `path` is below it, so that there is nothing to export where it is not. */
  readonly disk: string;
  /** User and group that all files belong to, whoever writes them on the node. */
  readonly uid: number;
};

/** Below the root of a share's disk: an NFS server that starts before the disk is mounted finds nothing to export. */
export const SHARE_FILES = 'files';

/** The folder whose entries nodes mount; part of the boot contract, on whatever disk the images lie. */
export const NODES_FOLDER = '/var/lib/walt/nodes';

/** The two names a node may use for itself in a mount path: older images use the address, newer ones the MAC. */
export function nodeNames({ ip, mac }: NfsExport): readonly [ip: string, mac: string] {
  return [ip, mac];
}

/** `/var/lib/walt/nodes/<name>`, the folder of one node. */
export function nodeFolder(name: string): string {
  return `${NODES_FOLDER}/${name}`;
}

/** `/var/lib/walt/nodes/<name>/fs` */
export function mountPath(name: string): string {
  return `${nodeFolder(name)}/fs`;
}

/** `/var/lib/walt/nodes/<name>/persist` */
export function sharePath(name: string): string {
  return `${nodeFolder(name)}/persist`;
}

/** @throws {TypeError} for an export that cannot be meant, or two nodes of the same name */
export function checkExports(exports: readonly NfsExport[]): void {
  const owners = new Map<string, string>();
  for (const each of exports) {
    checkExport(each);
    for (const name of nodeNames(each)) {
      const other = owners.get(name);
      if (other) throw new TypeError(`Cannot export to ${each.mac}: ${other} has ${name} too`);
      owners.set(name, each.mac);
    }
  }
}

function checkExport({ ip, mac, imagePath, share }: NfsExport): void {
  if (!isIp(ip)) throw new TypeError(`Cannot export to ${JSON.stringify(ip)}: not an IPv4 address`);
  if (!isMac(mac))
    throw new TypeError(`Cannot export to ${JSON.stringify(mac)}: not a MAC address`);
  for (const path of [imagePath, ...(share === undefined ? [] : [share.path])]) checkPath(path);
  if (share === undefined || share.uid > 0) return;
  throw new TypeError(
    `Cannot export ${share.path} as user ${share.uid}: expected a user who is not root`,
  );
}

function checkPath(path: string): void {
  if (isAbsolute(path) && !/[\0\r\n]/.test(path)) return;
  throw new TypeError(
    `Cannot export ${JSON.stringify(path)}: expected an absolute path of one line`,
  );
}
