// Keeps each address to its share of connections to NFS and to the name server.
import { every } from '../../host/clock/every.ts';
import { DNS_PORT } from '../../names/dnsmasq-command.ts';
import { LIMITS, type OnLimit } from '../../net/limits/table.ts';
import { NFS_PORT } from '../../nfs/clients.ts';
import { MOUNT_PORT } from '../../nfs/ganesha/configuration/config.ts';
import { PORT as PORTMAPPER_PORT } from '../../nfs/ganesha/running/portmapper.ts';
import { NfsShares } from '../../nfs/shares/nfs-shares.ts';
import type { Problem } from '../telling/journal.ts';

type Parts = {
  /** of the server on walt-net, dotted IPv4 */
  readonly address: string;
  /** the server serves names; else what has that port is not ours */
  readonly hasNames: boolean;
  readonly onLimit: OnLimit;
  readonly problem: Problem;
};

const LOOK_MS = 1000;
const LIMIT_OF = new Map([
  [NFS_PORT, 'nfs-connections'],
  [MOUNT_PORT, 'nfs-mounts'],
  [PORTMAPPER_PORT, 'nfs-mounts'],
  [DNS_PORT, 'names-connections'],
] as const);

/** From here on connections that are too many end. */
export function watchNfsShares(
  { address, hasNames, onLimit, problem }: Parts,
  services: Pick<AsyncDisposableStack, 'defer'>,
): void {
  const bounded = [...LIMIT_OF].filter(([port]) => port !== DNS_PORT || hasNames);
  const shares = new NfsShares({
    address,
    most: new Map(bounded.map(([port, limit]) => [port, LIMITS[limit].perAddress])),
    onFull: (from, port) => {
      const limit = LIMIT_OF.get(port as typeof NFS_PORT);
      if (limit !== undefined) onLimit(limit, from);
    },
  });
  services.defer(every(LOOK_MS, () => shares.look(), problem('nfs')));
}
