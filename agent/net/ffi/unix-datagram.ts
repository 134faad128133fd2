// A datagram to a socket of the unix kind, which Node.js has none of. This process itself sends it, not a program of its own: systemd
// asks who a message is from.
import { loadSystemCalls } from './system-calls.ts';

/** AF_UNIX, SOCK_DGRAM with SOCK_CLOEXEC (bits/socket.h), MSG_NOSIGNAL. */
const UNIX = 1;
const DATAGRAM = 2 | 0o2000000;
const NO_SIGNAL = 0x4000;
/** Bytes of a path, without the zero at its end (unix(7)). */
const LONGEST_PATH = 107;

let loading: ReturnType<typeof loadSystemCalls> | undefined;

/** Why it was not sent. `isMissing`: this machine lacks what it takes. */
export type NotSent = { readonly reason: string; readonly isMissing?: boolean };

/**
 * @param path of the socket; one that begins with `@` has no file (unix(7), "abstract")
 * @returns undefined where it was sent
 */
export async function sendUnixDatagram(path: string, text: string): Promise<NotSent | undefined> {
  loading ??= loadSystemCalls();
  const calls = await loading;
  if (calls === undefined) return { reason: 'there is no koffi here', isMissing: true };
  const name = Buffer.from(path.replace(/^@/, '\0'));
  if (name.length > LONGEST_PATH) return { reason: `${path} is longer than ${LONGEST_PATH} bytes` };
  // struct sockaddr_un: the family, lowest byte first, and the path; an abstract name has no end but that of the structure.
  const end = path.startsWith('@') ? '' : '\0';
  const address = Buffer.concat([Buffer.from([UNIX, 0]), name, Buffer.from(end)]);
  const fd = calls.socket(UNIX, DATAGRAM, 0);
  if (fd < 0) return { reason: `no socket (error ${calls.errno()})` };
  const sent = calls.sendTo(fd, Buffer.from(text), NO_SIGNAL, address);
  const error = sent < 0 ? calls.errno() : 0;
  calls.close(fd);
  return error === 0 ? undefined : { reason: `nobody takes messages at ${path} (error ${error})` };
}
