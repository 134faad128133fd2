// A TFTP read request arrived, or its transfer ended.

import type { Registry } from '../../devices/registry.ts';
import type { ServerEvent } from '../../events/event.ts';
import type { TftpAnswer, TftpClient, TftpReadRequest } from '../../protocol/tftp/exchange.ts';
import type { FileTroubles } from './file-troubles.ts';
import { type FileContext, findFile } from './find-file.ts';

/** The answer of a read request, and what happened. */
export type TftpOutcome = { readonly answer: TftpAnswer; readonly events: readonly ServerEvent[] };

/** What the socket layer tells of a transfer when it is over. */
export type TransferReport = {
  readonly client: TftpClient;
  readonly filename: string;
  readonly bytes: number;
  readonly ms: number;
  readonly retransmissions: number;
  /** `failed`: the file could not be read, `message` says why */
  readonly outcome: string;
  readonly message?: string;
};

const FILE_NOT_FOUND = 1; // RFC 1350, error codes
const ACCESS_VIOLATION = 2;

/**
 * Decides what a TFTP read request is answered with.
 * @throws whatever a failed write throws
 */
export async function onTftpRead(
  request: TftpReadRequest,
  client: TftpClient,
  context: FileContext,
): Promise<TftpOutcome> {
  const { found, events } = await findFile(request.filename, client.address, context);
  switch (found.kind) {
    case 'not-found':
      return { answer: refuse(FILE_NOT_FOUND, found.reason), events };
    case 'refused':
      return { answer: refuse(ACCESS_VIOLATION, found.reason), events };
    default:
      return { answer: found, events };
  }
}

/** The event of a finished transfer: a stage of the boot, or what a stranger was served; and why it failed, if it did. */
export function onTftpTransfer(
  report: TransferReport,
  { registry, troubles }: { readonly registry: Registry; readonly troubles: FileTroubles },
): ServerEvent[] {
  const { filename: path, outcome, message = '' } = report;
  const from = report.client.address;
  if (outcome !== 'failed') return [stageOf(report, registry)];
  const trouble = { source: 'tftp', path, from, reason: message } as const;
  return [stageOf(report, registry), ...troubles.take(trouble)];
}

function stageOf(report: TransferReport, registry: Registry): ServerEvent {
  const { filename: path, bytes, ms, retransmissions: retries, outcome } = report;
  const from = report.client.address;
  const device = registry.byIp(from);
  if (device === undefined) {
    const what = `${bytes} bytes in ${Math.round(ms)} ms, ${retries} retransmissions, ${outcome}`;
    return { kind: 'ignored', source: 'tftp', from, reason: `'${path}' of no device: ${what}` };
  }
  const signal = { kind: 'file', via: 'tftp', path, bytes, ms, retries, outcome } as const;
  return { kind: 'signal', mac: device.mac, signal };
}

function refuse(code: number, message: string): TftpAnswer {
  return { kind: 'refuse', code, message };
}
