// A node asks, by HTTP, for the files that its boot will read, in one piece, before it reads them one by one over NFS. It gets those of its
// own image alone, as over NFS.
import { isNode } from '../../devices/device.ts';
import type { Registry } from '../../devices/registry.ts';
import type { HotPacks } from '../../hot/hot-packs.ts';
import type { FileOutcome } from '../files/find-file.ts';

/** The path that a node asks for (`buildroot-overlay/bin/walt-fetch-hot-pack`). */
export const HOT_PACK_PATH = '/walt-hot-pack';

/** @param address of the client, dotted IPv4. @returns undefined for an address of no node */
export async function onHotPackRequest(
  address: string,
  {
    registry,
    packs,
  }: {
    readonly registry: Pick<Registry, 'byIp'>;
    readonly packs: Pick<HotPacks, 'packFor'>;
  },
): Promise<FileOutcome | undefined> {
  const device = registry.byIp(address);
  if (!isNode(device)) return undefined;
  const pack = await packs.packFor(device);
  if (pack === undefined) {
    return { found: { kind: 'not-found', reason: 'no pack for this node' }, events: [] };
  }
  return { found: { kind: 'file', path: pack.path, size: pack.bytes }, device, events: [] };
}
