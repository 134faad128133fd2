// What people do with nodes, and what will happen then: said before it is done. Pure.
import { texts } from '../../texts.ts';
import { ownerKind } from './node-filters.ts';
import type { NodeView } from './node-view.ts';

/** What can be done with one node or many. */
export const ACTIONS = ['acquire', 'boot', 'reboot', 'on', 'off', 'release'] as const;
/** One of `ACTIONS`. */
export type Action = (typeof ACTIONS)[number];

/** What will happen, in words, by nodes for which the same will happen. */
export type Plan = {
  readonly effects: readonly { readonly text: string; readonly names: readonly string[] }[];
  /** of other users: nothing happens to them unless the caller insists */
  readonly ofOthers: readonly NodeView[];
  /** run now, and have to reboot to get what was chosen */
  readonly running: readonly string[];
};

/** @param image that was chosen, for `boot` */
export function planOf(
  action: Action,
  {
    nodes,
    user,
    image,
  }: { readonly nodes: readonly NodeView[]; readonly user: string; readonly image: string },
): Plan {
  const effects = Map.groupBy(nodes, (node) => effectOf(action, node, { user, image }));
  const isSwitch = action === 'acquire' || action === 'boot' || action === 'release';
  return {
    effects: [...effects].map(([text, group]) => ({ text, names: group.map(({ name }) => name) })),
    ofOthers: nodes.filter((node) => ownerKind(node, user) === 'others'),
    running: isSwitch ? nodes.filter(({ booted }) => booted).map(({ name }) => name) : [],
  };
}

function effectOf(
  action: Action,
  node: NodeView,
  { user, image }: { readonly user: string; readonly image: string },
): string {
  const says = texts.effects;
  if (action === 'acquire') return ownerKind(node, user) === 'mine' ? says.isYours : says.acquire;
  if (action === 'release') return ownerKind(node, user) === 'free' ? says.isFree : says.release;
  if (action === 'boot')
    return node.image === image ? says.hasImage(image) : says.boot(image, node.image);
  if (action === 'reboot') return node.booted ? says.reboot : says.rebootHard;
  return action === 'on' ? says.on : node.booted ? says.offRunning : says.off;
}
