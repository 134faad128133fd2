// `walt-server-workshop`: runs the containers in which people change images, for the server, at a socket. systemd starts it when
// somebody connects, with the socket open; it ends when it is not needed for a while.
import { parseArgs } from 'node:util';
import { readConfig } from '../../config/read-config.ts';
import { messageOf, WaltError } from '../../errors.ts';
import { realFolder } from '../../host/folders/real-folder.ts';
import { ownContainers } from '../../images/workshop/own-containers.ts';
import { workshopServer } from './workshop-server.ts';

const USAGE = `Usage: walt-server-workshop --config FILE

Runs the containers in which people change images, for walt-server. walt-workshop.socket of systemd starts it.
`;
/** sd_listen_fds(3). */
const FIRST_FD = 3;
/** Node.js takes long to start on a small machine. */
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
  process.umask(0o022);
  // A connection that comes at the end waits in the socket, for the next workshop.
  const leaveSoon = () => setTimeout(() => process.exit(), IDLE_MS);
  let idle = leaveSoon();
  const server = workshopServer({
    state: async () => await realFolder((await readConfig(config)).state),
    containers: ownContainers,
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
