// Who is connected to a TCP port of this network namespace, asked of the kernel without its whole table: that has a line for each
// connection to each server, and for those that ended within a minute.
import {
  decodeConnectionsPiece,
  encodeConnectionsQuestion,
  FAMILIES,
  type RemoteEnd,
} from '../../../protocol/netlink/tcp-connections.ts';
import type { SystemCalls } from '../system-calls.ts';
import { kernelListBy } from './kernel-list.ts';

const NETLINK_SOCK_DIAG = 4;
/** Each has a hundred connections and more. */
const MOST_PIECES = 1024;

/**
 * Those that are established, with IPv4 addresses.
 * @returns undefined where the kernel does not tell: it cannot be asked so, or what it lists changes at this moment
 */
export function connectionsBy(calls: SystemCalls, port: number): readonly RemoteEnd[] | undefined {
  return kernelListBy(calls, {
    protocol: NETLINK_SOCK_DIAG,
    questions: FAMILIES.map((family) => encodeConnectionsQuestion(family, port)),
    decode: decodeConnectionsPiece,
    mostPieces: MOST_PIECES,
  })?.flatMap(({ ends }) => ends);
}
