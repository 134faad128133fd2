// Nodes of other users: they are asked for before something is done to them.
import type { NodesReply, NodeView } from '../../api/types.ts';
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
  { client, args, io }: { readonly client: Client; readonly args: Args; readonly io: Io },
): Promise<boolean> {
  const { nodes } = await client.get<NodesReply>('/api/v1/nodes');
  const keys = new Set(names.map((name) => name.toLowerCase()));
  const others = nodes.filter(
    ({ name, owner }) => keys.has(name.toLowerCase()) && owner !== io.user && owner !== FREE_OWNER,
  );
  if (others.length > 0) await confirm(warning(others), { io, flags: args.flags });
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
