// An HTTPS server for the API on addresses that other machines reach: connections are shared by addresses, and who sends slowly or
// nothing at all is given up.

import type { IncomingMessage, RequestListener } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { Socket } from 'node:net';
import { askerNetwork } from '../../host/text/asker-network.ts';
import { answersInTurn } from '../http/answers-in-turn.ts';
import { withDeadline } from '../http/request-deadline.ts';
import { ConnectionShares } from './connection-shares.ts';
import { whenRecordIsThere } from './first-record.ts';
import { type HandshakePace, HandshakeTurns } from './handshake-turns.ts';
import { LIMITS, type OnLimit } from './table.ts';

/** Milliseconds until a handshake begins, until its end, and until the end of the head of a request. */
const HANDSHAKE_MS = 10_000;
const HEAD_MS = 15_000;
const IDLE_MS = 72_000;

/** @param tls.key, tls.cert PEM */
export function limitedTlsServer(
  handle: RequestListener,
  {
    tls,
    onLimit,
    requestMs = LIMITS['api-request'].each * 1000,
    handshakes = HANDSHAKES,
    handshakeMs = HANDSHAKE_MS,
  }: Options,
): Server {
  const inTime = withDeadline(handle, {
    ...{ wholeMs: requestMs, pauseMs: requestMs, isLong },
    onLate: ({ socket }) => {
      onLimit('api-request', socket.remoteAddress?.replace(/^::ffff:/, '') ?? '');
      server.emit('clientError', new LateError(), socket);
    },
  });
  const inTurn = answersInTurn(inTime, {
    mostWaiting: LIMITS['api-requests-ahead'].each,
    onFull: () => onLimit('api-requests-ahead', 'a machine'),
  });
  const { perAddress, inAll } = LIMITS['api-tls-connections'];
  const shares = new ConnectionShares({
    ...{ perAddress, inAll, isKnown: () => false },
    onFull: (address) => onLimit('api-tls-connections', address),
  });
  const server = createServer(
    {
      ...tls,
      minVersion: 'TLSv1.2',
      handshakeTimeout: handshakeMs,
      headersTimeout: HEAD_MS,
      // What may take how long is told by the handler (`withDeadline`).
      requestTimeout: 0,
      keepAliveTimeout: IDLE_MS,
      connectionsCheckingInterval: 5000,
      // Whoever names no host is told so in the words of the API.
      requireHostHeader: false,
    },
    inTurn,
  );
  server.on('checkExpectation', inTurn);
  const onWait = (address: string) => onLimit('api-handshakes', address);
  const turns = new HandshakeTurns({ ...handshakes, onWait });
  beforeHandshake(server, (socket, begin) => {
    const address = askerNetwork(socket.remoteAddress?.replace(/^::ffff:/, '') ?? '');
    if (!shares.add(socket, address)) return;
    const late = setTimeout(() => socket.destroy(), handshakeMs);
    socket.once('close', () => clearTimeout(late));
    whenRecordIsThere(socket, () => {
      const leave = turns.enter(address, () => {
        clearTimeout(late);
        if (!socket.destroyed) begin();
      });
      socket.once('close', leave);
    });
  });
  // Node.js knows only those of them that have begun to speak HTTP: one that says nothing would hold up the end of the server.
  const closeAll = server.closeAllConnections.bind(server);
  server.closeAllConnections = () => {
    closeAll();
    shares.destroyAll();
  };
  server.on('tlsClientError', (_error, socket) => socket.destroy());
  return server;
}

type Options = {
  readonly tls: Tls;
  readonly onLimit: OnLimit;
  /** milliseconds */
  readonly requestMs?: number;
  readonly handshakes?: HandshakePace;
  /** milliseconds */
  readonly handshakeMs?: number;
};

const HANDSHAKES: HandshakePace = { perSecond: LIMITS['api-handshakes'].perAddress, atOnce: 32 };

/** Gives each connection to `take` first, with what begins TLS there: connections are counted before what costs most. */
function beforeHandshake(server: Server, take: (socket: Socket, begin: () => void) => void): void {
  const begins = server.listeners('connection');
  server.removeAllListeners('connection');
  server.on('connection', (socket: Socket) => {
    // Nobody else listens to it until TLS begins.
    socket.on('error', () => socket.destroy());
    take(socket, () => {
      for (const begin of begins) begin.call(server, socket);
    });
  });
}

/** Uploads take as long as they take. */
function isLong({ method, url = '' }: IncomingMessage): boolean {
  return method === 'POST' && url.startsWith('/api/v1/uploads/');
}

/** As Node.js names it. */
class LateError extends Error {
  readonly code = 'ERR_HTTP_REQUEST_TIMEOUT' as const;
}

type Tls = { readonly key: string; readonly cert: string };
