// How this program was started, and where it listens.
import type { Config } from '../config/config.ts';
import type { SocketPlaces } from '../net/bound-sockets.ts';
import { parseCidr } from '../protocol/ip.ts';

/** The command that starts this program again: Node.js first. */
export function ownCommand(): string[] {
  return [process.execPath, ...process.execArgv, ...process.argv.slice(1)];
}

/** Where machines of walt-net come to. */
export function socketPlaces({ network, ports }: Pick<Config, 'network' | 'ports'>): SocketPlaces {
  const { tftp, http, bootup } = ports;
  const { address } = parseCidr(network.address);
  return { interface: network.interface, address, ports: { tftp, http, bootup } };
}
