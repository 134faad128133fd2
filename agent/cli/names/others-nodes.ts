// Nodes of other users: they are asked for before something is done to them.
import type { NodeView } from '../../api/calls/views/node-view.ts';
import type { Client } from '../client.ts';
import type { Args, Io } from '../command-line/command.ts';
import { confirm } from '../terminal/confirm.ts';
import { FREE_OWNER, nodesText } from './node-names.ts';

/**
 * Asks, if some of these nodes belong to other users.
 * @returns whether there are such nodes: the server is to know that they are meant
 * @throws {CommandError} if the person says no, or cannot be asked
 */
export async function confirmOthers(
  names: readonly string[],
  {
    client,
    args,
    io,
    wakes = false,
  }: {
    readonly client: Client;
    readonly args: Args;
    readonly io: Io;
    /** what follows waits for nodes that are switched off to save power */
    readonly wakes?: boolean;
  },
): Promise<boolean> {
  const { nodes } = await client.call('nodes.list');
  const keys = new Set(names.map((name) => name.toLowerCase()));
  const others = nodes.filter(
    ({ name, owner }) => keys.has(name.toLowerCase()) && owner !== io.user && owner !== FREE_OWNER,
  );
  if (others.length > 0) await confirm(warning(others), { io, flags: args.flags });
  const asleep = nodes.filter(
    ({ name, state }) => keys.has(name.toLowerCase()) && state === 'asleep',
  );
  if (wakes && asleep.length > 0) {
    const verb = asleep.length === 1 ? 'was' : 'were';
    io.note(
      `${nodesText(asleep.map(({ name }) => name))} ${verb} switched off to save power: this waits until they are up again.`,
    );
  }
  return others.length > 0;
}

function warning(others: readonly NodeView[]): string {
  const byOwner = Map.groupBy(others, ({ owner }) => owner);
  const parts = [...byOwner].map(([owner, nodes]) => {
    const names = nodes.map(({ name }) => name);
    return `${nodesText(names)} ${names.length === 1 ? 'belongs' : 'belong'} to ${owner}.`;
  });
  return parts.join(' ');
}
