// A list that the kernel keeps, asked of it by netlink(7) without a program.
import type { ListState } from '../../../protocol/netlink/messages.ts';
import { lasting } from '../message-headers.ts';
import type { SystemCalls } from '../system-calls.ts';

const AF_NETLINK = 16;
const SOCK_RAW = 3;
const SOCK_CLOEXEC = 0o2000000;
const MSG_DONTWAIT = 0x40;
/** `sockaddr_nl` of the kernel: the family, then zeros. */
const ADDRESS = 12;
/** The kernel answers in pieces of 32 KiB at most (NLMSG_GOODSIZE, netlink_dump). */
const ROOM = 65_536;

/** What is asked, and how an answer is read. */
export type KernelList<Piece extends { readonly state: ListState }> = {
  /** NETLINK_… */
  readonly protocol: number;
  /** one behind the other */
  readonly questions: readonly Uint8Array[];
  /** @throws {DecodeError} if it has another form */
  readonly decode: (bytes: Uint8Array) => Piece;
  /** of the answer to each question; a longer one is none */
  readonly mostPieces: number;
};

/**
 * All pieces of the answers, in their order.
 * @returns undefined where the kernel does not tell: it cannot be asked so, this process has no right, or what it lists changes at this moment
 */
export function kernelListBy<Piece extends { readonly state: ListState }>(
  calls: SystemCalls,
  { protocol, questions, ...how }: KernelList<Piece>,
): readonly Piece[] | undefined {
  const fd = calls.socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, protocol);
  if (fd < 0) return undefined;
  try {
    const kernel = lasting(ADDRESS);
    kernel.writeUInt16LE(AF_NETLINK, 0);
    const all: Piece[] = [];
    for (const question of questions) {
      const bytes = lasting(question.length);
      bytes.set(question);
      if (calls.sendTo(fd, bytes, 0, kernel) !== bytes.length) return undefined;
      const pieces = answered(fd, { calls, ...how });
      if (pieces === undefined) return undefined;
      all.push(...pieces);
    }
    return all;
  } catch {
    // An answer of another form says as little as none.
    return undefined;
  } finally {
    calls.close(fd);
  }
}

function answered<Piece extends { readonly state: ListState }>(
  fd: number,
  {
    calls,
    decode,
    mostPieces,
  }: Pick<KernelList<Piece>, 'decode' | 'mostPieces'> & { readonly calls: SystemCalls },
): readonly Piece[] | undefined {
  const room = lasting(ROOM);
  const all: Piece[] = [];
  while (all.length < mostPieces) {
    const length = calls.take(fd, room, MSG_DONTWAIT);
    if (length <= 0) return undefined;
    const piece = decode(room.subarray(0, length));
    all.push(piece);
    if (piece.state === 'over') return all;
    if (piece.state === 'broken') return undefined;
  }
  return undefined;
}
