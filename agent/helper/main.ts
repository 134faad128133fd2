// `walt-server-host`: the helper that does for the server, at a socket of systemd, what takes the rights of root over the machine's
// mounts; and makes, when told to at its start, the network that walt-net is in.
import { readConfig } from '../config/read-config.ts';
import { socketPlaces } from '../config/socket-places.ts';
import { realFolder } from '../host/folders/real-folder.ts';
import { holdNetwork } from '../net/interface/held-network.ts';
import { makeVirtualNetwork } from '../net/interface/virtual-network.ts';
import { tellOutside } from '../net/outside.ts';
import { placeSockets, socketWords, wordsOfVirtual } from '../net/socket-units.ts';
import { parseCidr } from '../protocol/ip.ts';
import { helperServer } from './helper-server.ts';
import { type HelperFacts, perform } from './perform.ts';
import { runUnitProgram } from './unit-program.ts';

const USAGE = `Usage: walt-server-host --config FILE [--make-network]

Mounts images for walt-server. walt-host.socket of systemd starts it.

  --make-network  make the virtual network of the configuration, if it has one, keep what walt-net is in where units
                  of systemd find it, tell systemd where to open the server's sockets, and exit
`;

await runUnitProgram({
  usage: USAGE,
  umask: 0o077,
  atOnce: { flag: 'make-network', run: makeNetwork },
  serve: (config, options) =>
    helperServer({
      ...options,
      perform: async (request) => perform(request, await factsOf(config)),
    }),
  say: (line) => console.log(line),
  complain: (line) => console.error(line),
});

/** As the file says now: the server reads it at its start, too. */
async function factsOf(file: string): Promise<HelperFacts> {
  const { state } = await readConfig(file);
  return { state: await realFolder(state) };
}

async function makeNetwork(file: string): Promise<void> {
  const config = await readConfig(file);
  const { network } = config;
  const { namespace } = network;
  if (namespace !== undefined) await makeVirtualNetwork({ ...network, namespace });
  await holdNetwork(namespace);
  await tellOutside(
    namespace === undefined ? undefined : { address: parseCidr(network.address).address },
  );
  const places = socketPlaces(config);
  await placeSockets(namespace === undefined ? socketWords(places) : wordsOfVirtual(places));
}
