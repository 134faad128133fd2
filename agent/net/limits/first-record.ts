// The first record of a TLS connection, which has the client's hello: it is awaited before anything of TLS begins, so that who
// says nothing, or half a word, costs no more than a socket.
import type { Socket } from 'node:net';

/** Type and length of a record (RFC 8446 §5.1): one byte of type, two of version, two of length, the highest first. */
const HEAD_BYTES = 5;
const HANDSHAKE = 22;
/** How requests of HTTP begin (RFC 9112 §3): people type http:// for https://. */
const HTTP = /^(GET|HEAD|POST|PUT|OPTIONS) \//;
const ANSWER = 'This port speaks HTTPS alone: begin the address with https://\n';
/** A longer record is an error, which TLS itself answers. */
const MOST_BYTES = 2 ** 14 + 256;

/**
 * Calls back once, when the first record is there as a whole or what came is none; its bytes are still to be read from the socket then.
 * Whoever ends before that is hung up on, and whoever speaks HTTP without TLS is told so.
 */
export function whenRecordIsThere(socket: Socket, onThere: () => void): void {
  const parts: Buffer[] = [];
  let length = 0;
  const onReadable = () => {
    for (let part = socket.read(); part !== null; part = socket.read()) {
      parts.push(part);
      length += part.length;
    }
    const head = parts[0] !== undefined && parts[0].length >= HEAD_BYTES ? parts[0] : undefined;
    if (!isThere(head ?? Buffer.concat(parts.slice(0, HEAD_BYTES)), length)) return;
    socket.off('readable', onReadable);
    socket.off('end', hangUp);
    if (HTTP.test(String(parts[0]?.subarray(0, 16)))) return tellHttps(socket);
    socket.unshift(Buffer.concat(parts));
    onThere();
  };
  const hangUp = () => socket.destroy();
  socket.on('readable', onReadable);
  socket.on('end', hangUp);
}

function tellHttps(socket: Socket): void {
  const head = [
    'HTTP/1.1 400 Bad Request',
    'content-type: text/plain',
    `content-length: ${ANSWER.length}`,
    'connection: close',
  ];
  // What more comes is read and thrown away, until whoever waits for the hello loses patience: a reset would lose the answer.
  socket.resume().end(`${head.join('\r\n')}\r\n\r\n${ANSWER}`);
}

function isThere(head: Buffer, length: number): boolean {
  if (length === 0) return false;
  if (head[0] !== HANDSHAKE) return true;
  if (length < HEAD_BYTES) return false;
  const record = head.readUInt16BE(3);
  return record > MOST_BYTES || length >= HEAD_BYTES + record;
}
