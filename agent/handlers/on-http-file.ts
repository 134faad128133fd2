// An HTTP request for a boot file arrived: `/boot/P` is what TFTP calls `P`.
import type { ServerEvent } from '../nodes/events.ts';
import { type FileContext, type FileOutcome, findFile } from './find-file.ts';

const PREFIX = '/boot/';

/** @param path of the URL, decoded, without query; undefined result: no boot file, 404 */
export async function onHttpFile(
  path: string,
  address: string,
  context: FileContext,
): Promise<FileOutcome | undefined> {
  if (!path.startsWith(PREFIX)) return undefined;
  return await findFile(path.slice(PREFIX.length), address, context);
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
