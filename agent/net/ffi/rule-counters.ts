// The counters of our nftables rules, asked of the kernel without a program.
import {
  decodeCountersPiece,
  encodeCountersQuestion,
} from '../../protocol/netlink/rule-counters.ts';
import { lasting } from './message-headers.ts';
import type { SystemCalls } from './system-calls.ts';

const AF_NETLINK = 16;
const SOCK_RAW = 3;
const SOCK_CLOEXEC = 0o2000000;
const NETLINK_NETFILTER = 12;
const MSG_DONTWAIT = 0x40;
/** `sockaddr_nl` of the kernel: the family, then zeros. */
const ADDRESS = 12;
/** The kernel answers in pieces of 32 KiB at most (NLMSG_GOODSIZE, netlink_dump). */
const ROOM = 65_536;
const MOST_PIECES = 64;

/**
 * Packets by chain, of the network that this process is in.
 * @param table of family `ip`; without one there is nothing counted
 * @returns undefined where the kernel does not tell: it has no nftables, this process no right, or the rules change at this moment
 */
export function ruleCountersBy(
  calls: SystemCalls,
  table: string,
): ReadonlyMap<string, number> | undefined {
  const fd = calls.socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_NETFILTER);
  if (fd < 0) return undefined;
  try {
    const question = encodeCountersQuestion(table);
    const bytes = lasting(question.length);
    bytes.set(question);
    const kernel = lasting(ADDRESS);
    kernel.writeUInt16LE(AF_NETLINK, 0);
    if (calls.sendTo(fd, bytes, 0, kernel) !== bytes.length) return undefined;
    return answered(fd, { calls, table });
  } catch {
    // An answer of another form says as little as none.
    return undefined;
  } finally {
    calls.close(fd);
  }
}

function answered(
  fd: number,
  { calls, table }: { readonly calls: SystemCalls; readonly table: string },
): ReadonlyMap<string, number> | undefined {
  const room = lasting(ROOM);
  const counters = new Map<string, number>();
  for (let piece = 0; piece < MOST_PIECES; piece += 1) {
    const length = calls.take(fd, room, MSG_DONTWAIT);
    if (length <= 0) return undefined;
    const { packets, state } = decodeCountersPiece(room.subarray(0, length), table);
    for (const [chain, count] of packets) counters.set(chain, count);
    if (state === 'over') return counters;
    if (state === 'broken') return undefined;
  }
  return undefined;
}
