// An HTTP server for the API: a unix socket has no addresses, so what is bounded is all of it, and each connection.
import { createServer, type RequestListener, type Server } from 'node:http';
import { answersInTurn } from '../http/answers-in-turn.ts';
import { LIMITS, type OnLimit } from './table.ts';

/** Milliseconds; a command that asks again finds its connection. */
const IDLE_MS = 72_000;
const WHO = 'its socket';

/** @param most connections; the next one ends unread */
export function limitedServer(
  handle: RequestListener,
  { onLimit, most = LIMITS['api-connections'].inAll }: Options,
): Server {
  const inTurn = answersInTurn(handle, {
    mostWaiting: LIMITS['api-requests-ahead'].each,
    onFull: () => onLimit('api-requests-ahead', WHO),
  });
  // What Node would answer by itself, past those that wait, is answered in turn as well.
  const server = createServer({ requireHostHeader: false }, inTurn);
  server.on('checkExpectation', inTurn);
  server.maxConnections = most;
  server.keepAliveTimeout = IDLE_MS;
  server.on('drop', () => onLimit('api-connections', WHO));
  return server;
}

type Options = { readonly onLimit: OnLimit; readonly most?: number };
