// The only place that builds services. Each file of this folder starts one: it is told its part of the configuration
// and the parts that it stands on, and takes no decision.
import { join } from 'node:path';
import type { Config } from '../config/config.ts';
import { networkFacts } from '../config/network-facts.ts';
import { realFolder } from '../host/real-folder.ts';
import type { DhcpListen } from '../net/dhcp-server.ts';
import { startApi } from './api.ts';
import { startBootup } from './bootup.ts';
import { startDefaultImages } from './default-images.ts';
import { openDevices } from './devices.ts';
import { startDhcp } from './dhcp.ts';
import { watchDisk } from './disk.ts';
import { startFileServers } from './files.ts';
import { startFirewall } from './firewall.ts';
import { openIdentities } from './identities.ts';
import { imageAnnouncer, openImages } from './images.ts';
import { startJournal } from './journal.ts';
import { buildMachines, startMachines } from './machines.ts';
import { startNfs } from './nfs.ts';
import { watchNfsShares } from './nfs-shares.ts';
import { buildNodes } from './nodes.ts';
import { openShares } from './shares.ts';
import { openStore } from './store.ts';

/** What the configuration does not say. */
export type StartOptions = {
  readonly version: string;
  /** folder laid over every image */
  readonly overlay: string;
  /** holds the PXE tree; without it machines boot from our media alone */
  readonly pxeFolder?: string;
  /** of the Raspberry Pi's own files, if this installation has them */
  readonly piFolder?: string;
  readonly dhcp: DhcpListen;
  /** the service's own output */
  readonly print: (line: string) => void;
};

/**
 * Starts everything. Disposing of the result stops it, each part whatever becomes of the others, and leaves the nodes
 * running. What was started is stopped again if something cannot be.
 */
export async function startServer(config: Config, options: StartOptions): Promise<AsyncDisposable> {
  await using services = new AsyncDisposableStack();
  const { print, version, overlay, pxeFolder, piFolder } = options;
  const network = networkFacts(config, { hasPxe: pxeFolder !== undefined });
  const { address, subnet } = network;
  const store = await openStore({ folder: config.state, print }, services);
  // The store has made it.
  const folder = await realFolder(config.state);
  const log = startJournal({ ...config.log, records: store.logs, print }, services);
  const { publisher, problem } = log;
  const { publish } = publisher;
  await watchDisk(folder, { publish, problem }, services);
  await startFirewall(config, { ...log, address }, services);
  const known = await openDevices(store, { ...log, ...network }, services);
  const images = await openImages(config, { ...log, folder, overlay, store }, services);
  const { rootOf } = images;
  const shares = openShares(config.persist, folder);
  await startNfs(config.nfs, { ...known, ...log, folder, subnet, rootOf, shares }, services);
  watchNfsShares({ ...log, address }, services);
  const machines = buildMachines(config, { ...known, ...log, folder });
  const nodes = buildNodes(config, { ...known, ...log, images, address, machines });
  const announce = imageAnnouncer({ ...nodes, images, network, publish });
  const parts = { ...known, ...nodes, ...log, images, machines, announce, network, publish };
  const defaults = startDefaultImages(parts, services);
  const trace = config.log.debug ? { trace: print } : {};
  const { learn, reserveAddress } = await startDhcp(
    config,
    { ...parts, listen: options.dhcp, ...trace },
    services,
  );
  const identities = await openIdentities({ ...known, ...log, folder });
  const files = {
    ...(pxeFolder === undefined ? {} : { pxeFolder }),
    ...(piFolder === undefined ? {} : { piFolder }),
    ...(learn === undefined ? {} : { learn }),
  };
  const loginOf = ({ ip }: { readonly ip: string }) =>
    `ssh -i ${join(folder, 'ssh/id_ed25519')} root@${ip}`;
  await startFileServers(config, { ...parts, ...files, identities, loginOf }, services);
  await startBootup({ address, port: config.ports.bootup }, parts, services);
  const places = { folder, ...files, ...(reserveAddress === undefined ? {} : { reserveAddress }) };
  const virtual = await startMachines({ ...parts, ...places }, services);
  await startApi(config, { ...parts, ...virtual, version, store, defaults, shares }, services);
  print('ready');
  return services.move();
}
