// `walt-server-outside`: lets a server whose walt-net is virtual reach registries and repositories, by the network of the machine.
import { readConfig } from '../../config/read-config.ts';
import { runUnitProgram } from '../unit-program.ts';
import { houseProxyOf } from './house-proxy.ts';
import { outsideServer } from './outside-server.ts';
import { ownPlacesOf } from './places.ts';

const USAGE = `Usage: walt-server-outside --config FILE

An HTTP proxy by which walt-server reaches other networks where walt-net is virtual. walt-outside.socket of systemd starts it.
HTTPS_PROXY names the proxy of the house, if there is one.
`;

await runUnitProgram({
  usage: USAGE,
  umask: 0o077,
  serve: (config, options) =>
    outsideServer({
      ...options,
      houseProxy: houseProxyOf(process.env.HTTPS_PROXY),
      ownPlaces: async () => {
        const { registries } = (await readConfig(config)).images;
        const remote = registries.filter((registry) => 'address' in registry);
        return ownPlacesOf(remote.flatMap(({ address, mirrors }) => [address, ...mirrors]));
      },
    }),
  say: (line) => console.log(line),
  complain: (line) => console.error(line),
});
