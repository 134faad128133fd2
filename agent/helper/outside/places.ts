// Addresses that are the machine itself, whatever network it is in.
import { BlockList, isIPv6 } from 'node:net';

const OWN = new BlockList();
// RFC 6890: this host, loopback, link-local (where clouds tell machines their secrets).
for (const [network, prefix] of [
  ['0.0.0.0', 8],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
] as const) {
  OWN.addSubnet(network, prefix, 'ipv4');
}
for (const [network, prefix] of [
  ['::', 127],
  ['fe80::', 10],
] as const) {
  OWN.addSubnet(network, prefix, 'ipv6');
}

/** @param address IPv4 or IPv6, the one in the form of the other too */
export function isOfThisMachine(address: string): boolean {
  return OWN.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');
}

/** Hosts and ports of registries that are on the machine itself, as `localhost:5000`. @param addresses of registries and mirrors */
export function ownPlacesOf(addresses: readonly string[]): Set<string> {
  const hosts = addresses.map((address) => address.split('/')[0] ?? '');
  return new Set(hosts.filter((host) => /:\d+$/.test(host)));
}
