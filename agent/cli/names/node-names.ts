// Which nodes are meant by the words of a command: names, lists with commas, and sets such as `free-nodes`.
import type { DeviceView } from '../../api/calls/devices.ts';
import type { NodeView } from '../../api/calls/views/node-view.ts';
import type { Client } from '../client.ts';
import type { Argument } from '../command-line/command.ts';
import { CommandError } from '../command-line/command-error.ts';

/** Images of this owner are nobody's, and so are the nodes that boot them. */
export const FREE_OWNER = 'waltplatform';

export const NAMES_ARGUMENT: Argument = {
  name: 'NAMES',
  help: 'nodes, also with commas between them; or my-nodes, free-nodes, all-nodes',
  isList: true,
  names: 'nodes',
};

export const DEVICES_ARGUMENT: Argument = {
  name: 'NAMES',
  help: 'devices, also with commas between them; or a set as all-devices',
  isList: true,
  names: 'devices',
};

type Platform = {
  readonly nodes: readonly NodeView[];
  readonly devices: readonly DeviceView[];
  readonly user: string;
};

/** In the order in which completion offers them. */
const SETS: Readonly<Record<string, (platform: Platform) => readonly { name: string }[]>> = {
  'my-nodes': ({ nodes, user }) => nodes.filter(({ owner }) => owner === user),
  'free-nodes': ({ nodes }) => nodes.filter(({ owner }) => owner === FREE_OWNER),
  'all-nodes': ({ nodes }) => nodes,
  'all-switches': ({ devices }) => devices.filter(({ type }) => (type as string) === 'switch'),
  'all-devices': ({ devices }) => devices,
  server: ({ devices }) => devices.filter(({ type }) => type === 'server'),
};

export const DEVICE_SETS: readonly string[] = Object.keys(SETS);

/** Sets that hold nodes alone. */
export const NODE_SETS: readonly string[] = DEVICE_SETS.filter((set) => set.endsWith('-nodes'));

/**
 * Each name once, in the order given. Whether there are such devices, and fit for what is asked, is for the server
 * to say.
 * @throws {CommandError} if nothing is named, or a set is empty
 */
export async function resolveNames(
  words: readonly string[],
  { client, user }: { readonly client: Client; readonly user: string },
): Promise<string[]> {
  const parts = splitNames(words);
  if (!parts.some((part) => Object.hasOwn(SETS, part))) return parts;
  const { nodes } = await client.call('nodes.list');
  const { devices } = await client.call('devices.list');
  return eachOnce(parts.flatMap((part) => expand(part, { nodes, devices, user })));
}

/**
 * The words, those with commas in their parts, each once.
 * @throws {CommandError} if nothing is named
 */
export function splitNames(words: readonly string[]): string[] {
  const parts = words.flatMap((word) => word.split(',')).filter((part) => part !== '');
  if (parts.length === 0) throw new CommandError('No node is named: expected one or more names.');
  return eachOnce(parts);
}

/** Names that differ in capitals alone are one name. */
function eachOnce(names: readonly string[]): string[] {
  const keys = names.map((name) => name.toLowerCase());
  return names.filter((_, index) => keys.indexOf(keys[index] ?? '') === index);
}

function expand(part: string, platform: Platform): string[] {
  const members = Object.hasOwn(SETS, part) ? SETS[part]?.(platform) : undefined;
  if (members === undefined) return [part];
  if (members.length > 0) return members.map(({ name }) => name);
  const what = part.endsWith('-nodes') ? 'No node' : 'Nothing';
  throw new CommandError(`${what} is in '${part}'. See walt node show --all and walt device show.`);
}

/** `Node a`, `Nodes a, b and c`, or with more than five `6 nodes`. @param noun what they are, as `Device` */
export function nodesText(names: readonly string[], noun: 'Node' | 'Device' = 'Node'): string {
  if (names.length === 1) return `${noun} ${names[0]}`;
  if (names.length > 5) return `${names.length} ${noun.toLowerCase()}s`;
  return `${noun}s ${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}
