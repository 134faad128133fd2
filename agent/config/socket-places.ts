// Where machines of walt-net come to, by the configuration.
import { parseCidr } from '../protocol/ip.ts';
import type { Config } from './config.ts';

/** Interface, address (dotted IPv4) and ports, as of `SocketPlaces`. */
export function socketPlaces({ network, ports }: Pick<Config, 'network' | 'ports'>) {
  const { tftp, http, bootup } = ports;
  const { address } = parseCidr(network.address);
  return { interface: network.interface, address, ports: { tftp, http, bootup } };
}
