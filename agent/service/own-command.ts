// How this program was started, and where it listens.
import type { Config } from '../config/config.ts';
import { listenPlace } from '../config/sections/forms.ts';
import type { ListenPlace, SocketPlaces } from '../net/bound-sockets.ts';
import { parseCidr } from '../protocol/ip.ts';

/** The command that starts this program again: Node.js first. */
export function ownCommand(): string[] {
  return [process.execPath, ...process.execArgv, ...process.argv.slice(1)];
}

type Listening = Pick<Config, 'network' | 'ports' | 'api'>;

/** Where machines of walt-net come to, and with a virtual one those of the machine's own networks too. */
export function socketPlaces({ network, ports, api }: Listening): SocketPlaces {
  const { tftp, http, bootup } = ports;
  const { address } = parseCidr(network.address);
  const own = network.namespace === undefined ? {} : { api: apiPlaces(api) };
  return { interface: network.interface, address, ports: { tftp, http, bootup }, ...own };
}

/** Where the API is for other machines. */
export function apiPlaces({ listen }: Config['api']): ListenPlace[] {
  return listen.flatMap((text) => listenPlace(text) ?? []);
}
