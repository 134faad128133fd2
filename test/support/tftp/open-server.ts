/** Our TFTP server on loopback with a bare client, and the packets that they exchange. */
import { randomBytes } from 'node:crypto';
import type { ExecutionContext } from 'ava';
import {
  startTftpServer,
  type TftpListen,
  type TftpReport,
} from '../../../agent/net/tftp/server.ts';
import type { TftpReadHandler } from '../../../agent/protocol/tftp/exchange.ts';
import { decodeTftp, encodeTftp, type TftpPacket } from '../../../agent/protocol/tftp/packet.ts';
import { type Datagram, UdpClient } from '../../../lab/clients/udp-client.ts';
import { Collector } from '../servers/collector.ts';
import { datagramBatches } from '../servers/datagram-way.ts';

/** Of the file `there`, the only one. */
export const content = randomBytes(1300);
/** Has the file `there`. */
export const serveContent: TftpReadHandler = async ({ filename }) =>
  filename === 'there'
    ? { kind: 'bytes', bytes: content }
    : { kind: 'refuse', code: 1, message: 'no such file' };

type Setup = {
  readonly handler?: TftpReadHandler;
} & Partial<TftpListen>;

/** @returns a server that runs as long as the test, a client, and what the server reports */
export async function openTftp(
  t: ExecutionContext,
  { handler = serveContent, ...given }: Setup = {},
) {
  const reports = new Collector<TftpReport>();
  const batches = await datagramBatches();
  const listen = { address: '127.0.0.1', port: 0, batches, ...given };
  const server = await startTftpServer(listen, handler, reports.add);
  const client = await UdpClient.open();
  t.teardown(async () => {
    client.close();
    await server.close();
  });
  return { server, client, reports };
}

/** A read request. */
export const request = (filename: string, options: Record<string, string> = {}): Uint8Array =>
  encodeTftp({ kind: 'read', filename, mode: 'octet', options: new Map(Object.entries(options)) });

export const ack = (block: number): Uint8Array => encodeTftp({ kind: 'ack', block });

export const packetOf = ({ bytes }: Datagram): TftpPacket => decodeTftp(bytes);
