// An HTTPS server for the API on addresses that other machines reach: connections are shared by addresses, and who sends slowly or
// nothing at all is given up.

import type { IncomingMessage, RequestListener } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { Socket } from 'node:net';
import { askerNetwork } from '../../host/text/asker-network.ts';
import { answersInTurn } from '../http/answers-in-turn.ts';
import { withDeadline } from '../http/request-deadline.ts';
import { ConnectionShares } from './connection-shares.ts';
import { LIMITS, type OnLimit } from './table.ts';

/** Milliseconds until the end of a handshake and of the head of a request. */
const HANDSHAKE_MS = 10_000;
const HEAD_MS = 15_000;
const IDLE_MS = 72_000;

/** @param tls.key, tls.cert PEM */
export function limitedTlsServer(
  handle: RequestListener,
  { tls, onLimit, requestMs = LIMITS['api-request'].each * 1000 }: Options,
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
      handshakeTimeout: HANDSHAKE_MS,
      headersTimeout: HEAD_MS,
      // What may take how long is told by the handler (`withDeadline`).
      requestTimeout: 0,
      keepAliveTimeout: IDLE_MS,
      connectionsCheckingInterval: 5000,
    },
    inTurn,
  );
  server.on('checkExpectation', inTurn);
  // Counted before the handshake: that is what costs most.
  server.prependListener('connection', (socket: Socket) => {
    shares.add(socket, askerNetwork(socket.remoteAddress?.replace(/^::ffff:/, '') ?? ''));
  });
  server.on('tlsClientError', (_error, socket) => socket.destroy());
  return server;
}

type Options = {
  readonly tls: Tls;
  readonly onLimit: OnLimit;
  /** milliseconds */
  readonly requestMs?: number;
};

/** Uploads take as long as they take. */
function isLong({ method, url = '' }: IncomingMessage): boolean {
  return method === 'POST' && url.startsWith('/api/v1/uploads/');
}

/** As Node.js names it. */
class LateError extends Error {
  readonly code = 'ERR_HTTP_REQUEST_TIMEOUT' as const;
}

type Tls = { readonly key: string; readonly cert: string };
