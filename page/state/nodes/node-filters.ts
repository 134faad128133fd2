// Which nodes are shown: filters as they are in the address. Pure.
import type { NodeView } from './node-view.ts';

/** How nodes are grouped for people. */
export type Group = 'booted' | 'booting' | 'down' | 'trouble';

/** The filters. */
export type Filters = {
  readonly text: string;
  readonly group: string;
  readonly owner: string;
  readonly model: string;
};

const FREE = 'waltplatform';

/** The group of a node. */
export function groupOf({ state }: Pick<NodeView, 'state'>): Group {
  if (state === 'booted' || state === 'local') return 'booted';
  if (state === 'dhcp' || state === 'files' || state === 'mounted') return 'booting';
  return state === 'stalled' || state === 'unconfirmed' ? 'trouble' : 'down';
}

/** Whose a node is, seen by somebody. */
export function ownerKind(
  { owner }: Pick<NodeView, 'owner'>,
  user: string,
): 'free' | 'mine' | 'others' {
  if (owner === FREE) return 'free';
  return owner === user ? 'mine' : 'others';
}

/** Those that pass, in the order of their names, numbers in them by value. */
export function filtered(
  nodes: readonly NodeView[],
  { text, group, owner, model }: Filters,
  user: string,
): NodeView[] {
  const words = text
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  const passes = (node: NodeView) => {
    if (group !== '' && groupOf(node) !== group) return false;
    if (owner !== '' && ownerKind(node, user) !== owner) return false;
    if (model !== '' && node.model !== model) return false;
    if (words.length === 0) return true;
    const all = `${node.name} ${node.image} ${node.ip} ${node.mac} ${node.model}`.toLowerCase();
    return words.every((word) => all.includes(word));
  };
  return nodes.filter(passes).toSorted(byName);
}

const names = new Intl.Collator('en', { numeric: true });

/** A name that the server gave: the digits are not of a number. */
const GIVEN = /^node-[0-9a-f]{6}$/;

function byName({ name: left }: NodeView, { name: right }: NodeView): number {
  if (GIVEN.test(left) && GIVEN.test(right)) return left < right ? -1 : 1;
  return names.compare(left, right);
}
