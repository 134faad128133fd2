// `walt-server-host`: the helper that does for the server, at a socket of systemd, what takes the rights of root over the machine's
// mounts; and makes, when told to at its start, the network that walt-net is in.
import { existsSync } from 'node:fs';
import { lstat, mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { readConfig } from '../config/read-config.ts';
import { socketPlaces } from '../config/socket-places.ts';
import { WaltError } from '../errors.ts';
import { realFolder } from '../host/folders/real-folder.ts';
import { giveState, MACHINES, ownUserOf, RUNNER_RECORDS } from '../host/folders/state-owner.ts';
import { idsOf } from '../host/processes/user-ids.ts';
import { NODE_USER } from '../machines/kept/qemu/qemu-restrictions.ts';
import { holdNetwork } from '../net/interface/held-network.ts';
import { makeVirtualNetwork } from '../net/interface/virtual-network.ts';
import { tellOutside } from '../net/outside.ts';
import { placeSockets, socketWords, stateWords, wordsOfVirtual } from '../net/socket-units.ts';
import { parseCidr } from '../protocol/ip.ts';
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
      perform: async (request) => perform(request, await factsOf(config)),
    }),
  say: (line) => console.log(line),
  complain: (line) => console.error(line),
});

/** What `ProtectHome=` and `PrivateTmp=` hide. */
const HIDDEN = /^\/(?:home|root|run\/user|tmp|var\/tmp)(?:\/|$)/;

/** Also what an earlier server left that was root. */
async function giveTo(user: string, folder: string): Promise<void> {
  const [owner, machines] = await Promise.all([idsOf('passwd', user), idsOf('group', NODE_USER)]);
  if (owner === undefined || machines === undefined) {
    throw new WaltError(
      `There is no user ${user}, or no group ${NODE_USER}, on this machine. Once more: systemd-sysusers walt.conf`,
    );
  }
  if (HIDDEN.test(folder)) {
    throw new WaltError(
      `Cannot keep the state in ${folder}: the server's unit sees nothing of /home, /root, /run/user, /tmp and /var/tmp. Name another folder in the configuration (state).`,
    );
  }
  await moveRecords(folder);
  await mkdir(join(folder, MACHINES), { recursive: true, mode: 0o700 });
  await giveState(await realFolder(folder), owner, machines.gid);
}

/** What an earlier version of the helpers kept in the state folder, which was root's then. */
async function moveRecords(state: string): Promise<void> {
  if ((await ownUserOf(state)) !== undefined) return;
  await mkdir(RUNNER_RECORDS, { recursive: true, mode: 0o700 });
  for (const name of ['nfs', 'names.pid', 'ip-forward']) {
    const from = join(state, name);
    const to = join(RUNNER_RECORDS, name);
    const isThere = await lstat(from).catch(() => undefined);
    if (isThere === undefined || existsSync(to)) continue;
    // The state may be on another disk: then they are begun anew.
    await rename(from, to).catch(() => rm(from, { recursive: true, force: true }));
  }
}

/** As the file says now: the server reads it at its start, too. */
async function factsOf(file: string): Promise<HelperFacts> {
  const { state } = await readConfig(file);
  return { state: await realFolder(state) };
}

async function makeNetwork(file: string): Promise<void> {
  const config = await readConfig(file);
  if (USER !== undefined) await giveTo(USER, config.state);
  const { network } = config;
  const { namespace } = network;
  if (namespace !== undefined) await makeVirtualNetwork({ ...network, namespace });
  await holdNetwork(namespace);
  await tellOutside(
    namespace === undefined ? undefined : { address: parseCidr(network.address).address },
  );
  const places = socketPlaces(config);
  await placeSockets([
    ...(namespace === undefined ? socketWords(places) : wordsOfVirtual(places)),
    stateWords(await realFolder(config.state)),
  ]);
}
