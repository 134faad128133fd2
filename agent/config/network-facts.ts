// What machines are told of walt-net, from the configuration.
import type { NetworkFacts } from '../boot/dhcp/dhcp-reply.ts';
import { parseCidr, type Subnet } from '../protocol/ip.ts';
import type { Config } from './config.ts';

const HTTP_PORT = 80;

/** @param options.hasPxe whether this installation has the files that machines boot from without a medium */
export function networkFacts(
  { network, dhcp, ports }: Config,
  { hasPxe }: { readonly hasPxe: boolean },
): NetworkFacts & { readonly subnet: Subnet } {
  const subnet = parseCidr(network.address);
  const { address, netmask, broadcast } = subnet;
  const { domain } = network;
  const { leaseSeconds } = dhcp;
  const facts = { subnet, address, netmask, broadcast, domain, leaseSeconds };
  if (!hasPxe) return facts;
  const port = ports.http === HTTP_PORT ? '' : `:${ports.http}`;
  return { ...facts, pxe: { url: `http://${address}${port}/pxe` } };
}
