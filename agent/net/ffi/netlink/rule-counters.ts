// The counters of our nftables rules, asked of the kernel without a program.
import {
  decodeCountersPiece,
  encodeCountersQuestion,
} from '../../../protocol/netlink/rule-counters.ts';
import type { SystemCalls } from '../system-calls.ts';
import { kernelListBy } from './kernel-list.ts';

const NETLINK_NETFILTER = 12;
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
  const pieces = kernelListBy(calls, {
    protocol: NETLINK_NETFILTER,
    questions: [encodeCountersQuestion(table)],
    decode: (bytes) => decodeCountersPiece(bytes, table),
    mostPieces: MOST_PIECES,
  });
  return pieces && new Map(pieces.flatMap(({ packets }) => packets));
}
