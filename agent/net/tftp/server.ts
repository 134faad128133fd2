/**
 * The TFTP socket: asks the handler about every read request and runs one transfer for it. Nothing is decided
 * here but what the protocol itself demands. Read-only.
 */
import dgram from 'node:dgram';
import { once } from 'node:events';
import { performance } from 'node:perf_hooks';
import { DecodeError } from '../../protocol/bytes.ts';
import type { TftpAnswer, TftpClient, TftpReadHandler } from '../../protocol/tftp/exchange.ts';
import { decodeTftp, encodeTftp, type TftpPacket, tftpErrors } from '../../protocol/tftp/packet.ts';
import { numericAddress } from '../numeric-address.ts';
import { type AdmissionLimits, TftpAdmission } from './admission.ts';
import { TftpAttention } from './attention.ts';
import { TftpChunks } from './chunks.ts';
import { TftpClock } from './clock.ts';
import { TftpTransfer, type TransferResult } from './transfer.ts';

export type TftpReport =
  /** One for each request, when all is over. */
  | (TransferResult & {
      readonly kind: 'transfer';
      readonly client: TftpClient;
      readonly filename: string;
      /** From the request to the end, waiting in line included. */
      readonly ms: number;
    })
  /** Dropped unanswered; `count` packets so far. */
  | {
      readonly kind: 'dropped';
      readonly from: TftpClient;
      readonly reason: string;
      readonly count: number;
    };

export type TftpServer = { readonly port: number; close(): Promise<void> };

type TftpListen = {
  readonly address: string;
  readonly port: number;
  readonly limits?: AdmissionLimits;
};

type Request = Extract<TftpPacket, { readonly kind: 'read' | 'write' }>;

type Running = { readonly asked: string; readonly transfer: TftpTransfer };

const receiveBufferBytes = 4 * 1024 * 1024;

/** Of files, kept in memory for the next who asks. */
const sharedBytes = 32 * 1024 * 1024;

/** A rack that powers up at once finds room; a machine that runs wild does not take it all. */
const defaultLimits: AdmissionLimits = {
  running: 1000,
  runningPerClient: 32,
  waiting: 10_000,
  waitingPerClient: 100,
};

export async function startTftpServer(
  listen: TftpListen,
  handler: TftpReadHandler,
  report: (report: TftpReport) => void,
): Promise<TftpServer> {
  const { address, limits = defaultLimits } = listen;
  const socket = dgram.createSocket({ type: 'udp4', lookup: numericAddress });
  const admission = new TftpAdmission(limits);
  const running = new Map<string, Running>();
  const ends = new Set<Promise<void>>();
  const services = {
    attention: new TftpAttention(() => running.size),
    clock: new TftpClock(),
    chunks: new TftpChunks(sharedBytes),
  };
  let dropped = 0;

  const drop = (from: TftpClient, reason: string) => {
    dropped += 1;
    report({ kind: 'dropped', from, reason, count: dropped });
  };

  const receive = (bytes: Buffer, { address, port }: TftpClient) => {
    const client = { address, port };
    const packet = decodeOrReason(bytes);
    if (typeof packet === 'string') return drop(client, packet);
    if (packet.kind !== 'read' && packet.kind !== 'write') return drop(client, 'no request');
    const key = `${client.address}:${client.port}`;
    const asked = bytes.toString('latin1');
    const before = running.get(key);
    // Sent again, or twice by the network: the transfer repeats by itself what the client has not seen.
    if (before?.asked === asked && before.transfer.takesCopies) return;
    before?.transfer.abandon('client asked anew from the same port');
    const transfer = new TftpTransfer(client, services);
    running.set(key, { asked, transfer });
    const end = serve(transfer, client, packet).finally(() => {
      ends.delete(end);
      if (running.get(key)?.transfer === transfer) running.delete(key);
    });
    ends.add(end);
  };

  const serve = async (transfer: TftpTransfer, client: TftpClient, request: Request) => {
    const begun = performance.now();
    const result = await inTurn(transfer, client, request);
    const ms = performance.now() - begun;
    report({ kind: 'transfer', client, filename: request.filename, ms, ...result });
  };

  const inTurn = async (transfer: TftpTransfer, client: TftpClient, request: Request) => {
    if (!(await admission.enter(client.address))) return sayBusy(client);
    try {
      return await transfer.run(address, request, () => answer(request, client, handler));
    } finally {
      admission.leave(client.address);
    }
  };

  const sayBusy = (client: TftpClient): TransferResult => {
    const message = 'too many transfers, try again later';
    const error = encodeTftp({ kind: 'error', code: tftpErrors.notDefined, message });
    socket.send(error, client.port, client.address);
    return { bytes: 0, retransmissions: 0, outcome: 'refused', message };
  };

  const listening = once(socket, 'listening');
  socket.bind({ address, port: listen.port });
  await listening;
  // A rack that powers up at once asks in one burst; the kernel gives as much of this as it allows.
  socket.setRecvBufferSize(receiveBufferBytes);
  socket.on('message', receive);
  socket.on('error', (error) => drop({ address, port: listen.port }, error.message));

  return {
    port: socket.address().port,
    close: async () => {
      socket.off('message', receive);
      for (const { transfer } of running.values()) transfer.abort('the server stops');
      await Promise.all(ends);
      socket.close();
      await once(socket, 'close');
    },
  };
}

async function answer(
  request: Request,
  client: TftpClient,
  handler: TftpReadHandler,
): Promise<TftpAnswer> {
  if (request.kind === 'write') {
    return {
      kind: 'refuse',
      code: tftpErrors.accessViolation,
      message: 'this server is read-only',
    };
  }
  if (request.mode !== 'octet') {
    return { kind: 'refuse', code: tftpErrors.notDefined, message: 'ask for mode octet' };
  }
  return handler(request, client);
}

function decodeOrReason(bytes: Uint8Array): TftpPacket | string {
  try {
    return decodeTftp(bytes);
  } catch (error) {
    if (error instanceof DecodeError) return error.message;
    throw error;
  }
}
