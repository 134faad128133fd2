// Hears what nodes say of themselves, and sees their mounts.
import type { BootBook } from '../../boots/boot-book.ts';
import { MountWatch } from '../../boots/mount-watch.ts';
import { awaitReturn } from '../../boots/returned.ts';
import type { Config } from '../../config/config.ts';
import type { Consoles } from '../../consoles/consoles.ts';
import type { Registry } from '../../devices/registry.ts';
import type { Publish } from '../../events/publisher.ts';
import { BootupLinks } from '../../handlers/nodes/on-bootup.ts';
import { LogStreams } from '../../handlers/nodes/on-log-stream.ts';
import { systemClock } from '../../host/clock/clock.ts';
import { every } from '../../host/clock/every.ts';
import type { Journal } from '../../journal/journal.ts';
import { startBootupServer } from '../../net/bootup-server.ts';
import { connectionsBy } from '../../net/ffi/netlink/tcp-connections.ts';
import { loadSystemCalls, type SystemCalls } from '../../net/ffi/system-calls.ts';
import type { OnLimit } from '../../net/limits/table.ts';
import type { ConsoleEar } from '../../net/logs/console-ear.ts';
import type { ListenPlace } from '../../net/running-server.ts';
import {
  connectionsOf,
  NFS_PORT,
  type NfsConnections,
  readNfsConnections,
} from '../../nfs/clients.ts';
import type { Subnet } from '../../protocol/ip.ts';
import type { LogRecords } from '../../store/records/logs.ts';
import { askersOf } from '../dhcp/askers.ts';
import { startLogDatagrams } from '../network/log-datagrams.ts';
import type { Problem } from '../telling/journal.ts';

type Parts = {
  readonly registry: Registry;
  readonly boots: BootBook;
  readonly journal: Pick<Journal, 'take'>;
  readonly publish: Publish;
  readonly problem: Problem;
  readonly onLimit: OnLimit;
  readonly store: { readonly logs: Pick<LogRecords, 'countOf'> };
  readonly network: { readonly subnet: Subnet };
  readonly consoles: Consoles;
  readonly ear: ConsoleEar;
};

const MOUNT_LOOK_MS = 500;

/** @param listen the server's address on walt-net, and a socket that is bound there already, if there is one */
export async function startBootup(
  config: Pick<Config, 'ports' | 'log'>,
  listen: Pick<ListenPlace, 'address' | 'fd'>,
  parts: Parts,
  services: AsyncDisposableStack,
): Promise<void> {
  const { registry, boots, journal, publish, problem, onLimit, network, store } = parts;
  const { consoles, ear } = parts;
  const { address } = listen;
  const links = new BootupLinks(registry, (mac) => boots.isRebooting(mac));
  const streams = new LogStreams({
    registry,
    clock: systemClock,
    countOf: (source) => store.logs.countOf(source),
    write: (lines, sent) => journal.take(lines, sent),
  });
  const askers = askersOf({ registry, subnet: network.subnet });
  const heard = { ...askers, streams, publish, onLimit, consoles, ear, problem };
  await startLogDatagrams(config, address, heard, services);
  const server = await startBootupServer({
    ...{ ...listen, port: config.ports.bootup },
    ...askers,
    onLimit,
    open: (client) => links.open(client),
    openLogs: (client, head) => streams.open(client, head),
    publish,
  });
  services.defer(() => server.close());
  services.defer(awaitReturn(boots, publish));
  const calls = await loadSystemCalls();
  const mounts = new MountWatch({ boots, registry, connections: () => nfsConnectionsBy(calls) });
  const look = async () => publish(await mounts.look());
  services.defer(every(MOUNT_LOOK_MS, look, problem('mounts')));
}

/** Without the calls, the kernel's table of all connections is read. */
async function nfsConnectionsBy(calls: SystemCalls | undefined): Promise<NfsConnections> {
  const ends = calls && connectionsBy(calls, NFS_PORT);
  return ends === undefined ? await readNfsConnections() : connectionsOf(ends);
}
