// Where this server listens, by the configuration.
import { parseCidr } from '../protocol/ip.ts';
import type { Config } from './config.ts';
import { listenPlace } from './sections/forms.ts';

type Listening = Pick<Config, 'network' | 'ports' | 'api'>;

/** An address of this machine, and a port. */
type Place = { readonly host: string; readonly port: number };

/** Where machines of walt-net come to, and with a virtual one those of the machine's own networks too; as of `SocketPlaces`. */
export function socketPlaces({ network, ports, api }: Listening) {
  const { tftp, http, bootup } = ports;
  const { address } = parseCidr(network.address);
  const own = network.namespace === undefined ? {} : { api: apiPlaces(api) };
  return { interface: network.interface, address, ports: { tftp, http, bootup }, ...own };
}

/** Where the API is for other machines. */
function apiPlaces({ listen }: Config['api']): Place[] {
  return listen.flatMap((text) => listenPlace(text) ?? []);
}
