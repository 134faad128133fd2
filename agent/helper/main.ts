// `walt-server-host`: the helper that does for the server, at a socket of systemd, what takes the rights of root over the machine's
// mounts; and makes, when told to at its start, the network that walt-net is in.
import type { Config } from '../config/config.ts';
import { readConfig } from '../config/read-config.ts';
import { socketPlaces } from '../config/socket-places.ts';
import { realFolder } from '../host/folders/real-folder.ts';
import { RUNNER_RECORDS } from '../host/folders/state-owner.ts';
import { NODE_USER } from '../machines/kept/qemu/qemu-restrictions.ts';
import { holdNetwork, releaseNetwork } from '../net/interface/held-network.ts';
import { makeNeighbourRoom } from '../net/interface/neighbour-room.ts';
import { leaveVirtualNetwork, makeVirtualNetwork } from '../net/interface/virtual-network.ts';
import { tellOutside } from '../net/outside.ts';
import { placeSockets, socketWords, stateWords, wordsOfVirtual } from '../net/socket-units.ts';
import { parseCidr } from '../protocol/ip.ts';
import { giveStateTo } from './give-state-to.ts';
import { helperServer } from './helper-server.ts';
import { type HelperFacts, perform } from './perform.ts';
import { runUnitProgram } from './unit-program.ts';

const USAGE = `Usage: walt-server-host --config FILE [--make-network]

Mounts images for walt-server. walt-host.socket of systemd starts it.

  --make-network  make the virtual network of the configuration, if it has one, keep what walt-net is in where units
                  of systemd find it, give the state folder to the server's user (WALT_USER), tell systemd where to open the server's sockets, and exit
`;

/** Who the server is, where it is not root. */
const { WALT_USER: USER } = process.env;

await runUnitProgram({
  usage: USAGE,
  umask: 0o077,
  atOnce: { flag: 'make-network', run: makeNetwork },
  serve: (config, options) =>
    helperServer({
      ...options,
      // systemd ends what it left, and starts it for whoever asks next.
      onHanging: () => process.exit(1),
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
  if (USER !== undefined) {
    await giveStateTo({ user: USER, machines: NODE_USER, records: RUNNER_RECORDS }, config.state);
  }
  const { network } = config;
  const { namespace } = network;
  if (namespace === undefined) return await placeAll(config);
  const { isNew } = await makeVirtualNetwork({ ...network, namespace });
  try {
    await placeAll(config);
  } catch (thrown) {
    if (isNew) await releaseNetwork();
    if (isNew) await leaveVirtualNetwork(namespace);
    throw thrown;
  }
}

/** Units of systemd find walt-net's network, and sockets there. */
async function placeAll(config: Config): Promise<void> {
  const { network } = config;
  const { namespace } = network;
  await holdNetwork(namespace);
  // This program is in the network of the machine, and the server's unit may have no right to it.
  const complaint = await makeNeighbourRoom(parseCidr(network.address));
  if (complaint !== undefined) console.error(complaint);
  await tellOutside(
    namespace === undefined ? undefined : { address: parseCidr(network.address).address },
  );
  const places = socketPlaces(config);
  await placeSockets([
    ...(namespace === undefined ? socketWords(places) : wordsOfVirtual(places)),
    stateWords(await realFolder(config.state)),
  ]);
}
