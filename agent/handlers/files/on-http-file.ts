// An HTTP request for a boot file arrived: `/boot/P` is what TFTP calls `P`. What firmware starts from, and what GRUB asks
// for, have the same path in both. So have a node's own files: scripts of images name each other from the root (`chain
// /start-generic.ipxe`), which is the server's root for the script that came by HTTP.
import { pxeFileOf } from '../../boot/pxe/pxe-tree.ts';
import { readStartRequest } from '../../boot/start-request.ts';
import type { ServerEvent } from '../../events/event.ts';
import type { FileTroubles } from './file-troubles.ts';
import { type FileContext, type FileOutcome, findFile } from './find-file.ts';

const PREFIX = '/boot/';
const CAREFUL = `${PREFIX}start.ipxe`;

/** @param path of the URL, decoded, without query; undefined result: no boot file, 404 */
export async function onHttpFile(
  path: string,
  address: string,
  context: FileContext,
): Promise<FileOutcome | undefined> {
  // Our loaders ask by TFTP where they do not get it by HTTP, and load by TFTP then what it names.
  if (path === CAREFUL && isCareful(address, context)) return undefined;
  if (path.startsWith(PREFIX)) return await findFile(path.slice(PREFIX.length), address, context);
  const isLoader = pxeFileOf(path) ?? readStartRequest(path.slice(1));
  const isNode = context.registry.byIp(address)?.root !== undefined;
  return isLoader === undefined && !isNode ? undefined : await findFile(path, address, context);
}

function isCareful(address: string, { registry, isCareful }: FileContext): boolean {
  const device = registry.byIp(address);
  return device !== undefined && isCareful?.(device.mac) === true;
}

/** What the socket layer tells of a download when it is over. */
export type DownloadReport = {
  readonly address: string;
  readonly mac?: string;
  readonly path: string;
  readonly bytes: number;
  readonly ms: number;
  /** `failed`: the file could not be read, `message` says why */
  readonly outcome: string;
  readonly message?: string;
};

/** The stage of the boot that a finished (or cut) download of a device is, and why it failed, if it did. */
export function onHttpTransfer(report: DownloadReport, troubles: FileTroubles): ServerEvent[] {
  const { address: from, mac, path, bytes, ms, outcome, message: reason = '' } = report;
  const signal = { kind: 'file', via: 'http', retries: 0, path, bytes, ms, outcome } as const;
  const stage: ServerEvent[] = mac === undefined ? [] : [{ kind: 'signal', mac, signal }];
  if (outcome !== 'failed') return stage;
  return [...stage, ...troubles.take({ source: 'http', path, from, reason })];
}
