/** The DHCP socket: hands every packet to the handler and sends what it answers. Nothing is decided here. */
import dgram, { type Socket } from 'node:dgram';
import { once } from 'node:events';
import { DecodeError } from '../protocol/bytes.ts';
import { decodeDhcp } from '../protocol/dhcp/decode.ts';
import { encodeDhcp } from '../protocol/dhcp/encode.ts';
import type { DhcpHandler, DhcpSend, Endpoint } from '../protocol/dhcp/exchange.ts';
import type { DhcpPacket } from '../protocol/dhcp/packet.ts';
import { numericAddress } from './numeric-address.ts';

export type DhcpListen =
  /** A bound socket this process inherited, see `bound-sockets.ts`. */
  { readonly fd: number } | { readonly address: string; readonly port: number };

export type DhcpReport =
  /** Dropped unanswered; `count` packets so far. */
  | {
      readonly kind: 'dropped';
      readonly from: Endpoint;
      readonly reason: string;
      readonly count: number;
    }
  /** The handler or the sending of its answer failed; the client will ask again. */
  | { readonly kind: 'failed'; readonly client: string; readonly error: unknown };

export type DhcpServer = {
  readonly port: number;
  /** Sends what no packet asked for. */
  send(send: DhcpSend): void;
  close(): Promise<void>;
};

type Arrival = { readonly packet: DhcpPacket; readonly from: Endpoint };

/** Packets of one client are handled one after the other; so many may wait, of so many clients. */
const waitingPerClient = 4;
const clientsAtOnce = 4096;

export async function startDhcpServer(
  listen: DhcpListen,
  handler: DhcpHandler,
  report: (report: DhcpReport) => void,
): Promise<DhcpServer> {
  const socket = dgram.createSocket({ type: 'udp4', lookup: numericAddress });
  const waiting = new Map<string, Arrival[]>();
  const delayed = new Set<NodeJS.Timeout>();
  let dropped = 0;
  let closed = false;

  const drop = (from: Endpoint, reason: string) => {
    dropped += 1;
    report({ kind: 'dropped', from, reason, count: dropped });
  };

  const receive = (bytes: Uint8Array, from: Endpoint) => {
    const packet = decodeOrReason(bytes);
    if (typeof packet === 'string') return drop(from, packet);
    const queue = waiting.get(packet.chaddr);
    if (!queue && waiting.size >= clientsAtOnce) return drop(from, 'too many clients at once');
    if (queue && queue.length >= waitingPerClient) return drop(from, 'client asks too fast');
    if (queue) return queue.push({ packet, from });
    waiting.set(packet.chaddr, [{ packet, from }]);
    return serve(packet.chaddr);
  };

  const serve = async (client: string) => {
    const queue = waiting.get(client) ?? [];
    for (let next = queue[0]; next; next = queue[0]) {
      try {
        for (const send of await handler(next.packet, next.from)) sendOrDelay(send);
      } catch (error) {
        report({ kind: 'failed', client, error });
      }
      queue.shift();
    }
    waiting.delete(client);
  };

  const sendOrDelay = (send: DhcpSend) => {
    const bytes = encodeDhcp(send.packet, send.encoding);
    for (const ms of send.againMs ?? []) later(bytes, send, ms);
    if (!send.delayMs || closed) return sendNow(bytes, send);
    return later(bytes, send, send.delayMs);
  };

  const later = (bytes: Uint8Array, send: DhcpSend, ms: number) => {
    if (closed) return;
    const timer = setTimeout(() => {
      delayed.delete(timer);
      sendNow(bytes, send);
    }, ms);
    delayed.add(timer);
  };

  const sendNow = (bytes: Uint8Array, { packet, address, port }: DhcpSend) => {
    if (closed) return;
    socket.send(bytes, port, address, (error) => {
      if (error) report({ kind: 'failed', client: packet.chaddr, error });
    });
  };

  await bind(socket, listen);
  socket.on('message', receive);
  socket.on('error', (error) => report({ kind: 'failed', client: 'unknown', error }));

  return {
    port: socket.address().port,
    send: sendOrDelay,
    close: async () => {
      closed = true;
      for (const timer of delayed) clearTimeout(timer);
      socket.close();
      await once(socket, 'close');
    },
  };
}

function decodeOrReason(bytes: Uint8Array): DhcpPacket | string {
  try {
    return decodeDhcp(bytes);
  } catch (error) {
    if (error instanceof DecodeError) return error.message;
    throw error;
  }
}

async function bind(socket: Socket, listen: DhcpListen): Promise<void> {
  const listening = once(socket, 'listening');
  socket.bind('fd' in listen ? { fd: listen.fd } : { ...listen });
  await listening;
  socket.setBroadcast(true);
}
