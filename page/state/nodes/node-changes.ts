// What events change of the list of nodes. Pure.
import type { LiveEvent } from '../../server/live.ts';
import type { NodeView } from './node-view.ts';

/** The list behind some events. */
export type Changed = {
  readonly nodes: readonly NodeView[];
  /** false where it has to be asked for again: an event did not say all */
  readonly isWhole: boolean;
};

/** Kinds that say all that the list has of them, or that change nothing in it. */
const SAYS_ALL: readonly LiveEvent['kind'][] = [
  ...(['boot', 'renamed', 'boots-fail', 'healing', 'placed', 'machine-said'] as const),
  ...(['image-ready', 'image-step', 'image-failed', 'new-device'] as const),
];

/** Applies events in their order. */
export function withEvents(nodes: readonly NodeView[], events: readonly LiveEvent[]): Changed {
  const at = new Map(nodes.map(({ name }, index) => [name, index]));
  const next = [...nodes];
  let isWhole = true;
  for (const event of events) {
    if (event.kind === 'boot') {
      const index = at.get(event.name);
      const node = index === undefined ? undefined : next[index];
      if (index === undefined || node === undefined) isWhole = false;
      else next[index] = booting(node, event);
    } else if (event.kind === 'renamed') {
      const index = at.get(event.from);
      const node = index === undefined ? undefined : next[index];
      if (index === undefined || node === undefined) continue;
      next[index] = { ...node, name: event.to };
      at.delete(event.from);
      at.set(event.to, index);
    } else if (event.kind === 'forgotten') {
      if (at.has(event.name ?? '')) isWhole = false;
    } else if (!SAYS_ALL.includes(event.kind)) isWhole = false;
  }
  return { nodes: next, isWhole };
}

function booting(node: NodeView, event: LiveEvent<'boot'>): NodeView {
  const { state, attempt, time } = event;
  const since = attempt === undefined ? node.since : Date.parse(time) * 1000;
  return { ...node, state, booted: state === 'booted', since };
}
