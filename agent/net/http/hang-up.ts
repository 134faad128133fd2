// How the HTTP server ends what it cannot answer as it should.
import type { ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { LimitName } from '../limits/table.ts';
import { endResponse } from './response.ts';

/** What the server understands. */
export const ALLOW = { Allow: 'GET, HEAD' };

/** Of what Node's parser cannot take for a request; all else is 400. */
const STATUS_OF: Readonly<Record<string, string>> = {
  HPE_INVALID_METHOD: '405 Method Not Allowed',
  HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large',
  ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout',
};

/** The limit that such a request has met. */
const LIMIT_OF: Readonly<Record<string, LimitName>> = {
  HPE_HEADER_OVERFLOW: 'http-head',
  ERR_HTTP_REQUEST_TIMEOUT: 'http-request',
};

/** The limit that a request has met which Node's parser gave up with this error, if it met one. */
export function limitOf({ code = '' }: NodeJS.ErrnoException): LimitName | undefined {
  return LIMIT_OF[code];
}

/** The status line that tells of such an error. */
export function statusOf({ code = '' }: NodeJS.ErrnoException): string {
  return STATUS_OF[code] ?? '400 Bad Request';
}

/** The client's, dotted IPv4; empty where it is gone. */
export function addressOf(socket: Duplex): string {
  return socket instanceof Socket ? (socket.remoteAddress ?? '') : '';
}

/** A body that ends too early is known by the end of its connection alone. */
export function endFailed(response: ServerResponse): void {
  if (response.headersSent) response.destroy();
  else endResponse(response, 500);
}

/** Answers what is no request for a path, unless an answer to the request before is on its way. */
export function hangUp(socket: Duplex, status: string): void {
  // Node has taken its own listener away; a client that is gone needs no answer.
  socket.on('error', () => socket.destroy());
  if (!socket.writable || (socket instanceof Socket && socket.bytesWritten > 0)) {
    socket.destroy();
    return;
  }
  const allow = status.startsWith('405') ? `Allow: ${ALLOW.Allow}\r\n` : '';
  socket.end(`HTTP/1.1 ${status}\r\n${allow}Content-Length: 0\r\nConnection: close\r\n\r\n`);
}
