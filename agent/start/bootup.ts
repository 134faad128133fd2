// Hears what nodes say of themselves, and sees their mounts.
import type { BootBook } from '../boots/boot-book.ts';
import { MountWatch } from '../boots/mount-watch.ts';
import { awaitReturn } from '../boots/returned.ts';
import type { Registry } from '../devices/registry.ts';
import type { Publish } from '../events/publisher.ts';
import { BootupLinks } from '../handlers/on-bootup.ts';
import { every } from '../host/every.ts';
import { startBootupServer } from '../net/bootup-server.ts';
import type { OnLimit } from '../net/limits/table.ts';
import type { ListenPlace } from '../net/running-server.ts';
import { readNfsConnections } from '../nfs/clients.ts';
import type { Subnet } from '../protocol/ip.ts';
import { askersOf } from './askers.ts';
import type { Problem } from './journal.ts';

type Parts = {
  readonly registry: Registry;
  readonly boots: BootBook;
  readonly publish: Publish;
  readonly problem: Problem;
  readonly onLimit: OnLimit;
  readonly network: { readonly subnet: Subnet };
};

const MOUNT_LOOK_MS = 500;

/** @param listen the server's address on walt-net, and port 12347 or another */
export async function startBootup(
  listen: ListenPlace,
  { registry, boots, publish, problem, onLimit, network }: Parts,
  services: AsyncDisposableStack,
): Promise<void> {
  const links = new BootupLinks(registry, (mac) => boots.isRebooting(mac));
  const server = await startBootupServer({
    ...listen,
    ...askersOf({ registry, subnet: network.subnet }),
    onLimit,
    open: (client) => links.open(client),
    publish,
  });
  services.defer(() => server.close());
  services.defer(awaitReturn(boots, publish));
  const mounts = new MountWatch({ boots, registry, connections: readNfsConnections });
  const look = async () => publish(await mounts.look());
  services.defer(every(MOUNT_LOOK_MS, look, problem('mounts')));
}
