// `walt-server-host`: the helper that does for the server, at a socket of systemd, what takes the rights of root over the machine's
// mounts and networks.
import { readConfig } from '../config/read-config.ts';
import { realFolder } from '../host/folders/real-folder.ts';
import { makeVirtualNetwork } from '../net/interface/virtual-network.ts';
import { helperServer } from './helper-server.ts';
import { type HelperFacts, perform } from './perform.ts';
import { runUnitProgram } from './unit-program.ts';

const USAGE = `Usage: walt-server-host --config FILE

Mounts images and makes the virtual network for walt-server. walt-host.socket of systemd starts it.
`;

runUnitProgram({
  usage: USAGE,
  umask: 0o077,
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
  const { state, network } = await readConfig(file);
  const { namespace } = network;
  return {
    state: await realFolder(state),
    ...(namespace === undefined
      ? {}
      : { makeNetwork: () => makeVirtualNetwork({ ...network, namespace }) }),
  };
}
