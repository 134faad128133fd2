// Who is connected to a TCP port of this network namespace, asked of the kernel without its whole table: that has a line for each
// connection to each server, and for those that ended within a minute.
import {
  decodeConnectionsPiece,
  encodeConnectionsQuestion,
  FAMILIES,
  type RemoteEnd,
} from '../../protocol/netlink/tcp-connections.ts';
import { lasting } from './message-headers.ts';
import type { SystemCalls } from './system-calls.ts';

const AF_NETLINK = 16;
const SOCK_RAW = 3;
const SOCK_CLOEXEC = 0o2000000;
const NETLINK_SOCK_DIAG = 4;
const MSG_DONTWAIT = 0x40;
/** `sockaddr_nl` of the kernel: the family, then zeros. */
const ADDRESS = 12;
/** The kernel answers in pieces of 32 KiB at most (NLMSG_GOODSIZE, netlink_dump). */
const ROOM = 65_536;
/** Each has a hundred connections and more. */
const MOST_PIECES = 1024;

/**
 * Those that are established, with IPv4 addresses.
 * @returns undefined where the kernel does not tell: it cannot be asked so, or what it lists changes at this moment
 */
export function connectionsBy(calls: SystemCalls, port: number): readonly RemoteEnd[] | undefined {
  const fd = calls.socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_SOCK_DIAG);
  if (fd < 0) return undefined;
  try {
    const kernel = lasting(ADDRESS);
    kernel.writeUInt16LE(AF_NETLINK, 0);
    const all: RemoteEnd[] = [];
    for (const family of FAMILIES) {
      const question = encodeConnectionsQuestion(family, port);
      const bytes = lasting(question.length);
      bytes.set(question);
      if (calls.sendTo(fd, bytes, 0, kernel) !== bytes.length) return undefined;
      const ends = answered(fd, calls);
      if (ends === undefined) return undefined;
      all.push(...ends);
    }
    return all;
  } catch {
    // An answer of another form says as little as none.
    return undefined;
  } finally {
    calls.close(fd);
  }
}

function answered(fd: number, calls: SystemCalls): readonly RemoteEnd[] | undefined {
  const room = lasting(ROOM);
  const all: RemoteEnd[] = [];
  for (let piece = 0; piece < MOST_PIECES; piece += 1) {
    const length = calls.take(fd, room, MSG_DONTWAIT);
    if (length <= 0) return undefined;
    const { ends, state } = decodeConnectionsPiece(room.subarray(0, length));
    for (const end of ends) all.push(end);
    if (state === 'over') return all;
    if (state === 'broken') return undefined;
  }
  return undefined;
}
