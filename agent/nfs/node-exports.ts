// What the NFS server is to export: to each node that got a file, the image that it booted from. Of others there may be
// thousands that somebody made up, and the NFS server reads the whole list at each change.

import { isNode } from '../devices/device.ts';
import type { Registry } from '../devices/registry.ts';
import type { NfsExport } from './export.ts';

/** Addresses that no machine can have (RFC 1122 §3.2.1.3): those of devices of which nobody knows where they are. */
const NOWHERE = '0.';

/** @param rootOf root file system of an image, by the key of its folder */
export function nfsExports(registry: Registry, rootOf: (digest: string) => string): NfsExport[] {
  return registry
    .withTrials()
    .filter(isNode)
    .filter(({ ip, firstFile }) => firstFile !== undefined && !ip.startsWith(NOWHERE))
    .map(({ ip, mac, root }) => ({ ip, mac, imagePath: rootOf(root) }));
}
