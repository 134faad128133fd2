// Where walt-net is virtual: makes it, where it is not there, and replaces this process by one that is in it. A start that fails takes
// away what it has made.
import type { Config } from '../config/config.ts';
import { WaltError } from '../errors.ts';
import { type SocketPlaces, withApiSockets } from '../net/bound-sockets.ts';
import {
  inNamespace,
  isInNamespace,
  leaveVirtualNetwork,
  makeVirtualNetwork,
} from '../net/interface/virtual-network.ts';
import { refuseTakenPlaces } from '../net/taken-places.ts';
import { become } from './become.ts';
import { ownCommand } from './own-command.ts';

/** Names the network that this start has made, to the processes that this one becomes. */
const MADE = 'WALT_MADE_NETWORK';

type Entering = {
  /** what is to be open then: Node.js keeps nothing open of what it was given, so all is opened on the way */
  readonly places?: SocketPlaces;
  /** systemd starts units in the right network: this process cannot enter one itself */
  readonly isUnit: boolean;
};

/** Returns in walt-net's network, or not at all. @throws {WaltError} where there can be none */
export async function enterNetwork({ network }: Config, { places, isUnit }: Entering) {
  const { namespace } = network;
  if (namespace === undefined || (await isInNamespace(namespace))) return;
  if (isUnit) {
    throw new WaltError(
      `Cannot enter network ${namespace} (network.namespace): this unit began in another one. Once more: systemctl restart walt-server`,
    );
  }
  await refuseTakenPlaces(places?.api ?? []);
  const { isNew } = await makeVirtualNetwork({ ...network, namespace });
  if (isNew) process.env[MADE] = namespace;
  const inside = (argv: readonly string[]) => inNamespace(namespace, argv, process.env);
  if (!places?.api?.length) become(inside(ownCommand()));
  become(withApiSockets(places, ownCommand(), { env: process.env, inside }));
}

/** The start has succeeded: its network is nothing that a later failure takes away. */
export function keepNetwork(): void {
  delete process.env[MADE];
}

/**
 * Takes away the network that this start has made, unless somebody else is in it by now.
 * @param stopNfs ends what this start may have left there
 */
export async function takeNetworkBack(
  { network }: Config,
  stopNfs: () => Promise<void>,
): Promise<void> {
  const { namespace } = network;
  if (namespace === undefined || process.env[MADE] !== namespace) return;
  keepNetwork();
  if (await isInNamespace(namespace)) await stopNfs();
  await leaveVirtualNetwork(namespace);
}
