// What the NFS server is to export: to each node, the image that it booted from.
import type { NfsExport } from '../nfs/export.ts';
import { isNode } from './device.ts';
import type { Registry } from './registry.ts';

/** @param rootOf root file system of an image, by digest */
export function nfsExports(registry: Registry, rootOf: (digest: string) => string): NfsExport[] {
  return registry
    .all()
    .filter(isNode)
    .map(({ ip, mac, root }) => ({ ip, mac, imagePath: rootOf(root) }));
}
