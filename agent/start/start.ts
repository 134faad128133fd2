// The only place that builds services, with its parts in this folder: each server is a sentence,
// `server(socket, handler(devices, files))`.
import type { NetworkFacts } from '../boot/dhcp/dhcp-reply.ts';
import type { Config } from '../config/config.ts';
import type { DhcpListen } from '../net/dhcp-server.ts';
import { parseCidr, type Subnet } from '../protocol/ip.ts';
import { startApi } from './api.ts';
import { startDhcp } from './dhcp.ts';
import { startFileServers } from './files.ts';
import { imageAnnouncer, openImages, startDefaultImages } from './images.ts';
import { buildNodes, startBootup } from './nodes.ts';
import { openRecords, startNfs } from './records.ts';

export type ComposeOptions = {
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

/** Starts everything; the returned function stops it, and leaves the nodes running. */
export async function compose(config: Config, options: ComposeOptions): Promise<Stop> {
  const stops: Stop[] = [];
  const stopAll = async () => {
    for (const stop of stops.splice(0).reverse()) await stop();
  };
  try {
    const network = networkFacts(config, options);
    const records = await openRecords(config, options, stops);
    const images = await openImages(config, { ...records, overlay: options.overlay }, stops);
    const exporting = await startNfs(config, { ...records, images, network }, stops);
    const nodes = buildNodes(config, records, images);
    const announce = imageAnnouncer({ ...nodes, images, network });
    const known = { ...records, images, ...nodes, announce, publish: exporting };
    const { publish, defaults } = startDefaultImages(known, stops);
    const parts = { ...known, network, publish, defaults };
    const { learn } = await startDhcp(config, { ...parts, ...dhcpOptions(config, options) }, stops);
    await startFileServers(config, { ...parts, ...options, ...(learn ? { learn } : {}) }, stops);
    await startBootup(config, parts, stops);
    await startApi(config, { ...parts, version: options.version }, stops);
  } catch (reason) {
    await stopAll();
    throw reason;
  }
  options.print('ready');
  return stopAll;
}

type Stop = () => Promise<void> | void;
type Network = NetworkFacts & { readonly subnet: Subnet };

function networkFacts({ network, dhcp, ports }: Config, { pxeFolder }: ComposeOptions): Network {
  const subnet = parseCidr(network.address);
  const { address, netmask, broadcast } = subnet;
  const { domain } = network;
  const { leaseSeconds } = dhcp;
  const facts = { subnet, address, netmask, broadcast, domain, leaseSeconds };
  if (pxeFolder === undefined) return facts;
  const port = ports.http === 80 ? '' : `:${ports.http}`;
  return { ...facts, pxe: { url: `http://${address}${port}/pxe` } };
}

function dhcpOptions(config: Config, { dhcp: listen, print }: ComposeOptions) {
  return { listen, ...(config.log.debug ? { trace: print } : {}) };
}
