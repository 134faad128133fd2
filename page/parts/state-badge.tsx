// How a node stands, as a coloured point with words, and how far a running boot is.

import { stepsDone } from '../state/nodes/boot-steps.ts';
import { groupOf } from '../state/nodes/node-filters.ts';
import type { NodeView } from '../state/nodes/node-view.ts';
import { texts } from '../texts.ts';
import { Elapsed } from './elapsed.tsx';

/** A point and words; colour is never all that tells it. */
export function StateBadge({ node }: { readonly node: Pick<NodeView, 'state'> }) {
  return (
    <span class={`state ${groupOf(node)}`} title={texts.stateHelp[node.state]}>
      <i />
      {texts.states[node.state]}
    </span>
  );
}

/** Four steps; the one that is under way moves. */
export function BootBar({ node }: { readonly node: Pick<NodeView, 'state' | 'since'> }) {
  const done = stepsDone(node.state);
  if (done === undefined) return null;
  const label = texts.progress(texts.states[node.state], done + 1);
  return (
    <span class="boot-bar" role="img" aria-label={label}>
      {texts.steps.map((step, index) => (
        <i key={step} class={index < done ? 'done' : index === done ? 'now' : ''} />
      ))}
      <Elapsed since={node.since} />
    </span>
  );
}
