// Who may ask the servers of walt-net, and who goes first.
import type { Registry } from '../../devices/registry.ts';
import { isHostOf, isIp, type Subnet } from '../../protocol/ip.ts';

/** Machines of walt-net are served, nodes before others. */
export function askersOf({
  registry,
  subnet,
}: {
  readonly registry: Pick<Registry, 'byIp'>;
  readonly subnet: Subnet;
}) {
  return {
    isServed: (address: string) => isIp(address) && isHostOf(subnet, address),
    isKnown: (address: string) => registry.byIp(address)?.type === 'node',
  };
}
