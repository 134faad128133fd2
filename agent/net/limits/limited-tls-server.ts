// An HTTPS server for the API on addresses that other machines reach: connections are shared by addresses, and who sends slowly or
// nothing at all is given up.

import type { RequestListener } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { Socket } from 'node:net';
import { answersInTurn } from '../http/answers-in-turn.ts';
import { ConnectionShares } from './connection-shares.ts';
import { LIMITS, type OnLimit } from './table.ts';

/** Milliseconds until the end of a handshake, of the head of a request and of all of a request. */
const HANDSHAKE_MS = 10_000;
const HEAD_MS = 15_000;
const REQUEST_MS = 60_000;
const IDLE_MS = 72_000;

/** @param tls.key, tls.cert PEM */
export function limitedTlsServer(
  handle: RequestListener,
  { tls, onLimit }: { readonly tls: Tls; readonly onLimit: OnLimit },
): Server {
  const inTurn = answersInTurn(handle, {
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
      requestTimeout: REQUEST_MS,
      keepAliveTimeout: IDLE_MS,
      connectionsCheckingInterval: 5000,
    },
    inTurn,
  );
  server.on('checkExpectation', inTurn);
  // Counted before the handshake: that is what costs most.
  server.prependListener('connection', (socket: Socket) => {
    shares.add(socket, socket.remoteAddress?.replace(/^::ffff:/, '') ?? '');
  });
  server.on('tlsClientError', (_error, socket) => socket.destroy());
  return server;
}

type Tls = { readonly key: string; readonly cert: string };
