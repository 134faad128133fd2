// Packets that get lost between a virtual machine and its network, at random, each way: nftables drops them at the machine's tap.
import { succeed } from '../programs/run-program.ts';
import type { Namespace } from './namespace.ts';

const NFT = '/usr/sbin/nft';
const TABLE = 'walt_lossy';

/** @param percent of the packets that are lost, each way @param tap of a machine that runs, in the namespace */
export async function losePackets(
  { command }: Namespace,
  { tap, percent }: { readonly tap: string; readonly percent: number },
): Promise<void> {
  const chain = (hook: string) =>
    `chain ${hook} { type filter hook ${hook} device "${tap}" priority 0; numgen random mod 100 < ${percent} counter drop; }`;
  const input = `table netdev ${TABLE} {\n${chain('ingress')}\n${chain('egress')}\n}\n`;
  await succeed(command([NFT, '-f', '-']), { input });
}

/** @returns how many packets were lost so far, both ways */
export async function packetsLost({ command }: Namespace): Promise<number> {
  const { said } = await succeed(command([NFT, 'list', 'table', 'netdev', TABLE]));
  const counts = [...said.matchAll(/counter packets (\d+)/g)].map(([, count]) => Number(count));
  return counts.reduce((sum, count) => sum + count, 0);
}
