// What the NFS server is to export: to each node, the image that it booted from.

import { isNode } from '../devices/device.ts';
import type { Registry } from '../devices/registry.ts';
import type { NfsExport } from './export.ts';

/** @param rootOf root file system of an image, by digest */
export function nfsExports(registry: Registry, rootOf: (digest: string) => string): NfsExport[] {
  return registry
    .all()
    .filter(isNode)
    .map(({ ip, mac, root }) => ({ ip, mac, imagePath: rootOf(root) }));
}
