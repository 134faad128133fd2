// Another server gives out the addresses of walt-net (`dhcp.mode: proxy`): says only what to boot, and learns who has
// which address.
import { ForeignAddresses } from '../../addresses/foreign-addresses.ts';
import { FrameWitness } from '../../addresses/frame-witness.ts';
import { Presence } from '../../addresses/presence.ts';
import { onBootServerRequest, onProxyDhcp } from '../../handlers/dhcp/on-proxy-dhcp.ts';
import type { StartContext } from '../../handlers/start/on-start-request.ts';
import { neighbourOf } from '../../host/links/neighbours.ts';
import { startDhcpServer as openDhcpServer } from '../../net/dhcp/server.ts';
import type { DhcpPacket } from '../../protocol/dhcp/packet.ts';
import { arpProbe } from '../../protocol/ethernet/arp.ts';
import {
  answer,
  type DhcpConfig,
  type DhcpParts,
  doubleBootsOf,
  nodesFirst,
  ownsOf,
  reportTo,
} from './dhcp-parts.ts';
import { followInterface } from './follow-interface.ts';
import { type Ears, openWire } from './wire.ts';

/** Where clients ask a proxy DHCP server once they have an address (PXE 2.1 §2.2). */
const BOOT_SERVER_PORT = 4011;
/** Type of a message, RFC 2132 §9.6. */
const REQUEST = 3;

/** Takes a machine's word for who it is and which address it has, where that address is not from here. */
export type Learn = NonNullable<StartContext['learn']>;

/** Answers boot loaders beside the other server. */
export async function startDhcpProxy(
  config: DhcpConfig,
  parts: DhcpParts,
  services: AsyncDisposableStack,
): Promise<Learn> {
  const { network, registry, detection, boots, listen } = parts;
  const addresses = new ForeignAddresses({
    registry,
    detection,
    owns: ownsOf(network.subnet),
    neighbourOf,
    isUp: (mac) => boots.isUp(mac),
  });
  const ask = (ip: string) => wire.mac !== undefined && wire.send(arpProbe(ip, wire.mac));
  const witness = new FrameWitness({ isWatching: () => wire.mac !== undefined });
  const presence = new Presence({ ask, now: () => performance.now() });
  const isOwn = (packet: DhcpPacket) => witness.isOwn(packet);
  const doubleBoots = doubleBootsOf(parts, presence);
  const context = { network, registry, addresses, isOwn, doubleBoots };
  const learn: Ears['learn'] = ({ ip, mac }, wasAsked) =>
    wasAsked ? addresses.seeAnswer(ip, mac) : addresses.see(ip, mac);
  const frames = { witness, answersIpv6: false };
  const ears = { frames, learn, presence, clientMessages: [REQUEST] };
  const wire = await openWire(config, { ...parts, ...ears }, services);
  const server = await openDhcpServer(
    listen,
    async (packet, from) => answer(await onProxyDhcp(packet, context), { packet, from }, parts),
    reportTo(parts),
    nodesFirst(parts),
  );
  services.defer(() => server.close());
  services.defer(followInterface(config, parts));
  const bootServer = await openDhcpServer(
    { address: network.address, port: BOOT_SERVER_PORT },
    async (packet, from) =>
      answer(await onBootServerRequest(packet, from, context), { packet, from }, parts),
    reportTo(parts),
    nodesFirst(parts),
  );
  services.defer(() => bootServer.close());
  return ({ ip, mac, model }) => addresses.claim(ip, { mac, model, speaker: 'walt-loader' });
}
