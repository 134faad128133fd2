// `walt-server-host`: the helper that does for the server, at a socket, what takes the rights of root over the machine's mounts
// and networks. systemd starts it when somebody connects, with the socket open; it ends when it is not needed for a while.
import { parseArgs } from 'node:util';
import { readConfig } from '../config/read-config.ts';
import { messageOf, WaltError } from '../errors.ts';
import { realFolder } from '../host/folders/real-folder.ts';
import { makeVirtualNetwork } from '../net/interface/virtual-network.ts';
import { helperServer } from './helper-server.ts';
import { type HelperFacts, perform } from './perform.ts';

const USAGE = `Usage: walt-server-host --config FILE

Mounts images and makes the virtual network for walt-server. walt-host.socket of systemd starts it.
`;
/** sd_listen_fds(3). */
const FIRST_FD = 3;
/** A server that starts asks several times, and Node.js takes long to start on a small machine. */
const IDLE_MS = 600_000;

try {
  run();
} catch (thrown) {
  console.error(thrown instanceof WaltError ? thrown.message : thrown);
  process.exitCode = 1;
}

function run(): void {
  const { config, help } = readArguments();
  if (help) {
    console.log(USAGE);
    return;
  }
  if (config === undefined || process.env.LISTEN_FDS !== '1') {
    throw new WaltError(`Cannot start without a configuration and the socket.\n\n${USAGE}`);
  }
  process.umask(0o077);
  // A connection that comes at the end waits in the socket, for the next helper.
  const leaveSoon = () => setTimeout(() => process.exit(), IDLE_MS);
  let idle = leaveSoon();
  const server = helperServer({
    perform: async (request) => perform(request, await factsOf(config)),
    print: (line) => console.error(line),
    onQuiet: () => {
      clearTimeout(idle);
      idle = leaveSoon();
    },
  });
  server.on('connection', () => clearTimeout(idle));
  server.listen({ fd: FIRST_FD });
}

function readArguments() {
  try {
    const options = { config: { type: 'string' }, help: { type: 'boolean', short: 'h' } } as const;
    return parseArgs({ options }).values;
  } catch (cause) {
    throw new WaltError(`${messageOf(cause)}\n\n${USAGE}`, { cause });
  }
}

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
