// What `walt node acquire`, `release` and `boot` have in common: ask if nodes are others', switch, reboot, tell.
import type { Client, Reply } from '../client.ts';
import type { Args, Io } from '../command-line/command.ts';
import { CommandError } from '../command-line/command-error.ts';
import { rebootNodes } from '../reboot-nodes.ts';
import { nodesText, resolveNames } from './node-names.ts';
import { confirmOthers } from './others-nodes.ts';

type SwitchReply = Reply<'nodes.boot'>;
type SwitchedNode = SwitchReply['nodes'][number];

/** How nodes get another image. */
export type Switching = {
  /** the call that switches them */
  readonly ask: (asked: { names: string[]; takesOthers: boolean }) => Promise<SwitchReply>;
  readonly words: readonly string[];
  /** said of nodes that had the image before */
  readonly unchanged: string;
};

/** @throws {CommandError} if nothing could be changed, or a running node could not be rebooted */
export async function switchNodes(
  { ask, words, unchanged }: Switching,
  { client, args, io }: { readonly client: Client; readonly args: Args; readonly io: Io },
): Promise<void> {
  const names = await resolveNames(words, { client, user: io.user });
  const takesOthers = await confirmOthers(names, { client, args, io });
  const { nodes } = await ask({ names, takesOthers });
  for (const [kept, group] of groups(nodes.filter(({ isSame }) => isSame))) {
    io.out(
      `${nodesText(group)} ${group.length === 1 ? 'boots' : 'boot'} ${kept} already${unchanged}.`,
    );
  }
  const changed = nodes.filter(({ isSame }) => !isSame);
  for (const [chosen, group] of groups(changed))
    io.out(`${nodesText(group)} will now boot ${chosen}.`);
  await reboot(changed, { client, io });
}

/** By what they boot, in words. */
function groups(nodes: readonly SwitchedNode[]): [string, string[]][] {
  return [...Map.groupBy(nodes, whatOf)].map(([what, group]) => [
    what,
    group.map(({ name }) => name),
  ]);
}

function whatOf({ image, isLocal }: SwitchedNode): string {
  return isLocal ? 'from the local disk' : image;
}

async function reboot(
  nodes: readonly SwitchedNode[],
  { client, io }: { readonly client: Client; readonly io: Io },
): Promise<void> {
  if (nodes.length === 0) return;
  const [running, idle] = partition(nodes, ({ isBooted }) => isBooted);
  const [local, off] = partition(idle, ({ wasLocal }) => wasLocal);
  if (off.length > 0) {
    io.note(`${isOrAre(off)} not running: ${later(nodes)} with the next boot.`);
  }
  if (local.length > 0) {
    io.note(
      `${isOrAre(local)} in the system of the local disk, as far as is known: reboot there, and the image comes.`,
    );
  }
  if (running.length === 0) return;
  const names = running.map(({ name }) => name);
  const failures = await rebootNodes({ names }, { client, io });
  if (failures.length === 0) return;
  const what = later(nodes);
  throw new CommandError(
    `${failures.join('\n')}\n${what.charAt(0).toUpperCase()}${what.slice(1)} with the next boot.`,
  );
}

/** Those of whom a claim is so, and the others. */
function partition(
  nodes: readonly SwitchedNode[],
  isSo: (node: SwitchedNode) => boolean,
): [SwitchedNode[], SwitchedNode[]] {
  return [nodes.filter(isSo), nodes.filter((node) => !isSo(node))];
}

function isOrAre(nodes: readonly SwitchedNode[]): string {
  return `${nodesText(nodes.map(({ name }) => name))} ${nodes.length === 1 ? 'is' : 'are'}`;
}

function later(nodes: readonly SwitchedNode[]): string {
  return nodes.every(({ isLocal }) => isLocal) ? 'that begins' : 'the image comes';
}
