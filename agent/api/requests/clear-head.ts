// Heads of requests that two programs could read in two ways: who asks, and which server, is said once or not at all.
import type { IncomingMessage } from 'node:http';
import { RequestError } from '../../errors.ts';

/** Node.js takes the first of each and tells nobody that there was another one. */
const SAID_ONCE = ['authorization', 'content-type', 'host', 'last-event-id', 'x-walt-user'];

/** @throws {RequestError} for a head that says something twice, names no server where it has to, or has a body in a form that is not read */
export function refuseUnclearHead({
  headers,
  rawHeaders,
  httpVersion,
  socket,
}: IncomingMessage): void {
  const names = rawHeaders.filter((_, at) => at % 2 === 0).map((name) => name.toLowerCase());
  const twice = SAID_ONCE.find((name) => names.indexOf(name) !== names.lastIndexOf(name));
  if (twice !== undefined) {
    throw new RequestError(400, `Cannot read it: header ${twice} is there more than once`);
  }
  // RFC 9112 §3.2; whoever asks on the unix socket names none.
  const isElsewhere = socket.remoteAddress !== undefined;
  if (isElsewhere && httpVersion === '1.1' && headers.host === undefined) {
    throw new RequestError(400, 'Cannot read it: header host is missing');
  }
  const encoding = headers['content-encoding'] ?? 'identity';
  if (encoding !== 'identity') {
    throw new RequestError(415, 'Cannot read it: expected a body without content-encoding');
  }
  refuseOtherCharset(headers['content-type'] ?? '');
}

const CHARSET = /;\s*charset\s*=\s*"?([^\s";]*)/gi;
/** ASCII is a part of UTF-8. */
const READ = ['utf-8', 'utf8', 'us-ascii'];

/** JSON between programs is UTF-8 (RFC 8259 §8.1): text in another charset would be read as other text. */
function refuseOtherCharset(type: string): void {
  const charsets = [...type.matchAll(CHARSET)].map(([, name = '']) => name.toLowerCase());
  const other = charsets.find((name) => !READ.includes(name));
  if (other === undefined) return;
  const what = other === '' ? 'none' : other;
  throw new RequestError(415, `Cannot read it: expected a body with charset=utf-8, not ${what}`);
}
