// Runs an NFS server in this process and does what the parent process says: tests start it inside a network
// namespace, and kill it as a crash would.
import { join } from 'node:path';
import { KeptShares } from '../../../agent/keeping/kept-shares.ts';
import type { NfsExport } from '../../../agent/nfs/export.ts';
import { GaneshaServer } from '../../../agent/nfs/ganesha/server.ts';
import { parseCidr } from '../../../agent/protocol/ip.ts';
import { watchNfsShares } from '../../../agent/start/images/nfs-shares.ts';

export type Order =
  | { readonly do: 'start' | 'detach' | 'stop' }
  | {
      readonly do: 'apply';
      readonly exports: readonly NfsExport[];
      /** of those that keep files, by MAC */
      readonly owners?: Readonly<Record<string, string>>;
    };

export type Answer =
  | { readonly kind: 'done'; readonly id: number; readonly ms: number }
  | { readonly kind: 'failed'; readonly id: number; readonly message: string }
  | { readonly kind: 'problem'; readonly message: string }
  | { readonly kind: 'limit'; readonly limit: string };

const [address = '', folder = ''] = process.argv.slice(2);
const tell = (answer: Answer) => process.send?.(answer);
const server = new GaneshaServer({
  subnet: parseCidr(`${address}/24`),
  folder,
  onProblem: (message) => tell({ kind: 'problem', message }),
});

watchNfsShares(
  {
    address,
    hasNames: false,
    onLimit: (limit, from) => tell({ kind: 'limit', limit: `${limit} ${from}` }),
    problem: () => (reason) => tell({ kind: 'problem', message: String(reason) }),
  },
  { defer: () => undefined },
);

/** Small disks: tests fill them. */
const shares = new KeptShares(join(folder, '../persist'), { bytes: 16 * 2 ** 20 });

async function withOwners({ exports, owners = {} }: Extract<Order, { do: 'apply' }>) {
  const all = exports.map(async (each) => {
    const owner = owners[each.mac];
    return owner === undefined
      ? each
      : { ...each, share: await shares.open({ owner, mac: each.mac }) };
  });
  return await Promise.all(all);
}

process.on('message', async ({ id, order }: { id: number; order: Order }) => {
  const start = performance.now();
  try {
    await (order.do === 'apply' ? server.apply(await withOwners(order)) : server[order.do]());
    tell({ kind: 'done', id, ms: Math.round(performance.now() - start) });
  } catch (error) {
    tell({ kind: 'failed', id, message: String(error) });
  }
});
