// Which nodes are meant by the words of a command: names, lists with commas, and sets such as `free-nodes`.
import type { NodesReply, NodeView } from '../api/types.ts';
import type { Client } from './client.ts';
import type { Argument } from './command.ts';
import { CommandError } from './command-error.ts';

/** Images of this owner are nobody's, and so are the nodes that boot them. */
export const FREE_OWNER = 'waltplatform';

export const NAMES_ARGUMENT: Argument = {
  name: 'NAMES',
  help: 'nodes, also with commas between them; or my-nodes, free-nodes, all-nodes',
  isList: true,
};

const SETS: Readonly<Record<string, (node: NodeView, user: string) => boolean>> = {
  'all-nodes': () => true,
  'free-nodes': ({ owner }) => owner === FREE_OWNER,
  'my-nodes': ({ owner }, user) => owner === user,
};

/**
 * Each name once, in the order given. Whether there are such nodes is for the server to say.
 * @throws {CommandError} if nothing is named, or a set is empty
 */
export async function resolveNames(
  words: readonly string[],
  { client, user }: { readonly client: Client; readonly user: string },
): Promise<string[]> {
  const parts = words.flatMap((word) => word.split(',')).filter((part) => part !== '');
  if (parts.length === 0) throw new CommandError('No node is named: expected one or more names.');
  if (!parts.some((part) => part in SETS)) return [...new Set(parts)];
  const { nodes } = await client.get<NodesReply>('/api/v1/nodes');
  return [...new Set(parts.flatMap((part) => expand(part, { nodes, user })))];
}

function expand(
  part: string,
  { nodes, user }: { readonly nodes: readonly NodeView[]; readonly user: string },
): string[] {
  const isMember = SETS[part];
  if (isMember === undefined) return [part];
  const names = nodes.filter((node) => isMember(node, user)).map(({ name }) => name);
  if (names.length > 0) return names;
  throw new CommandError(`No node is in '${part}'. See walt node show --all.`);
}

/** `Node a`, `Nodes a, b and c`, or with more than five `6 nodes`. */
export function nodesText(names: readonly string[]): string {
  if (names.length === 1) return `Node ${names[0]}`;
  if (names.length > 5) return `${names.length} nodes`;
  return `Nodes ${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}
