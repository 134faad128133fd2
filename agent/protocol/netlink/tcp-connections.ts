/**
 * TCP connections of one local port, asked of sock_diag(7). Numbers of linux/inet_diag.h; ports and addresses have their high byte first:
 *
 *     question  family, protocol, 2 bytes of 0, u32 states (a bit for each), identity
 *     answer    family, state, timer, retransmissions, identity, what is not asked for
 *     identity  local port, remote port, local address and remote address (16 bytes each), u32 interface, cookie (8 bytes)
 */
import { DecodeError, Reader } from '../bytes.ts';
import { numberToIp } from '../ip.ts';
import {
  decodeMessages,
  encodeMessage,
  type ListState,
  listStateBy,
  NLM_F_DUMP,
  NLM_F_REQUEST,
} from './messages.ts';

const SOCK_DIAG_BY_FAMILY = 20;
const TCP = 6;
const ESTABLISHED = 1;
const QUESTION = 56;
const STATES = 4;
const LOCAL_PORT = 8;
const IDENTITY = 4;
const ADDRESS = 16;

/** AF_INET, AF_INET6: sockets of IPv6 may have connections of IPv4. */
export const FAMILIES = [2, 10] as const;

/** The other end of a connection. */
export type RemoteEnd = { readonly ip: string; readonly port: number };

/** What a piece of the answer says. */
export type ConnectionsPiece = {
  readonly ends: readonly RemoteEnd[];
  readonly state: ListState;
};

/** Asks for all that are established. @param port local one */
export function encodeConnectionsQuestion(
  family: (typeof FAMILIES)[number],
  port: number,
): Uint8Array {
  const body = new Uint8Array(QUESTION);
  const view = new DataView(body.buffer);
  view.setUint8(0, family);
  view.setUint8(1, TCP);
  view.setUint32(STATES, 1 << ESTABLISHED, true);
  view.setUint16(LOCAL_PORT, port);
  return encodeMessage({
    type: SOCK_DIAG_BY_FAMILY,
    flags: NLM_F_REQUEST | NLM_F_DUMP,
    body,
  });
}

/**
 * Reads what came with one receive. Ends without an IPv4 address are left out.
 * @throws {DecodeError} where it is no such answer
 */
export function decodeConnectionsPiece(bytes: Uint8Array): ConnectionsPiece {
  const ends: RemoteEnd[] = [];
  for (const message of decodeMessages(bytes)) {
    const { type, body } = message;
    const state = listStateBy(message);
    if (state !== 'more') return { ends, state };
    if (type !== SOCK_DIAG_BY_FAMILY) throw new DecodeError('type', 0, `${type} is not expected`);
    const end = remoteEndIn(body);
    if (end !== undefined) ends.push(end);
  }
  return { ends, state: 'more' };
}

function remoteEndIn(body: Uint8Array): RemoteEnd | undefined {
  const reader = new Reader(body);
  const isIpv4 = reader.view(IDENTITY, 'head')[0] === FAMILIES[0];
  reader.u16('local port');
  const port = reader.u16('remote port');
  reader.view(ADDRESS, 'local address');
  const [first, second, third, last] = [1, 2, 3, 4].map(() => reader.u32('remote address'));
  if (isIpv4) return { ip: numberToIp(first ?? 0), port };
  // An IPv4 address in one of IPv6 is `::ffff:a.b.c.d` (RFC 4291 §2.5.5.2).
  const isMapped = first === 0 && second === 0 && third === 0xffff;
  return isMapped ? { ip: numberToIp(last ?? 0), port } : undefined;
}
