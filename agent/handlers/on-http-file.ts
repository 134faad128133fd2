// An HTTP request for a boot file arrived: `/boot/P` is what TFTP calls `P`. What firmware starts from, and what GRUB asks
// for, have the same path in both. So have a node's own files: scripts of images name each other from the root (`chain
// /start-generic.ipxe`), which is the server's root for the script that came by HTTP.
import { pxeFileOf } from '../boot/pxe/pxe-tree.ts';
import { readStartRequest } from '../boot/start-request.ts';
import type { ServerEvent } from '../events/event.ts';
import { type FileContext, type FileOutcome, findFile } from './find-file.ts';

const PREFIX = '/boot/';

/** @param path of the URL, decoded, without query; undefined result: no boot file, 404 */
export async function onHttpFile(
  path: string,
  address: string,
  context: FileContext,
): Promise<FileOutcome | undefined> {
  if (path.startsWith(PREFIX)) return await findFile(path.slice(PREFIX.length), address, context);
  const isLoader = pxeFileOf(path) ?? readStartRequest(path.slice(1));
  const isNode = context.registry.byIp(address)?.root !== undefined;
  return isLoader === undefined && !isNode ? undefined : await findFile(path, address, context);
}

/** The stage of the boot that a finished (or cut) download is. */
export function onHttpTransfer(
  mac: string,
  report: {
    readonly path: string;
    readonly bytes: number;
    readonly ms: number;
    readonly outcome: string;
  },
): ServerEvent {
  return { kind: 'signal', mac, signal: { kind: 'file', via: 'http', retries: 0, ...report } };
}
