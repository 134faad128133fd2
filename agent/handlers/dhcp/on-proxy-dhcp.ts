// A DHCP packet arrived in proxy mode, where another server gives out the addresses. The answer says only where to boot
// from. The client's REQUEST, which it broadcasts, shows which address it got from the other server.
import type { ForeignAddresses } from '../../addresses/foreign-addresses.ts';
import type { NetworkFacts } from '../../boot/dhcp/dhcp-reply.ts';
import { joinsAnswers, proxyAck, proxyOffer } from '../../boot/dhcp/proxy-reply.ts';
import { type BootRequest, readBootRequest } from '../../boot/request.ts';
import type { Registry } from '../../devices/registry.ts';
import type { ServerEvent } from '../../events/event.ts';
import type { Endpoint } from '../../protocol/dhcp/exchange.ts';
import type { DhcpPacket } from '../../protocol/dhcp/packet.ts';
import type { DoubleBoots } from './double-boots.ts';
import type { DhcpOutcome } from './on-dhcp.ts';

/** What the handlers need, the same for every packet. */
export type ProxyContext = {
  readonly network: NetworkFacts;
  readonly registry: Registry;
  readonly addresses: ForeignAddresses;
  /** whether the machine that a message names has sent it itself */
  readonly isOwn: (packet: DhcpPacket) => Promise<boolean>;
  readonly doubleBoots: Pick<DoubleBoots, 'check'>;
};

/**
 * A packet that a client broadcast to port 67.
 * @throws whatever a failed write throws
 */
export async function onProxyDhcp(
  packet: DhcpPacket,
  { network, registry, addresses, isOwn, doubleBoots }: ProxyContext,
): Promise<DhcpOutcome> {
  if (packet.op !== 1) return { events: [] };
  const request = readBootRequest(packet);
  const double = await doubleBoots.check(request, registry.byMac(request.mac));
  if (double !== undefined) return { events: double };
  addresses.announce(request);
  switch (packet.options.messageType) {
    case 'discover':
      if (!joinsAnswers(packet)) return { events: [] };
      return {
        reply: proxyOffer(packet, network),
        events: signals(request, 'discover', registry),
      };
    case 'request': {
      const ip = packet.options.requestedAddress ?? packet.ciaddr;
      const seen = (await isOwn(packet)) ? await addresses.seeAsked(ip, request.mac) : [];
      return { events: [...seen, ...signals(request, 'request', registry)] };
    }
    default:
      return { events: [] };
  }
}

/**
 * A question to port 4011 (PXE 2.1 §2.2), from a client that has an address by now; the answer goes back to `from`.
 * @throws whatever a failed write throws
 */
export async function onBootServerRequest(
  packet: DhcpPacket,
  from: Endpoint,
  { network, addresses }: ProxyContext,
): Promise<DhcpOutcome> {
  const request = readBootRequest(packet);
  const { messageType } = packet.options;
  if (packet.op !== 1 || !joinsAnswers(packet)) return { events: [] };
  if (messageType !== 'request' && messageType !== 'inform') return { events: [] };
  const events = await addresses.claim(from.address, request);
  return { reply: proxyAck(packet, from, network), events };
}

/** Only known devices have boots. The first boot of a new device begins when its address is known. */
function signals(request: BootRequest, message: string, registry: Registry): ServerEvent[] {
  const { mac, speaker, isIpxe } = request;
  if (registry.byMac(mac) === undefined) return [];
  const signal = { kind: 'dhcp', speaker, message, ...(isIpxe ? { isIpxe } : {}) } as const;
  return [{ kind: 'signal', mac, signal }];
}
