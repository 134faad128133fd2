// What can be done with the nodes that are selected, or with the one that is shown.
import { useState } from 'preact/hooks';
import { Icon } from '../../parts/icon.tsx';
import { ACTIONS, type Action } from '../../state/nodes/actions.ts';
import type { NodeView } from '../../state/nodes/node-view.ts';
import { texts } from '../../texts.ts';
import { ActionDialog } from './action-dialog.tsx';
import { RenameDialog } from './rename-dialog.tsx';

/** A bar for those that are selected. */
export function ActionBar({
  nodes,
  onClear,
}: {
  readonly nodes: readonly NodeView[];
  readonly onClear: () => void;
}) {
  return (
    <div class="selection">
      <b role="status">{texts.nodes.selected(nodes.length)}</b>
      <ActionButtons nodes={nodes} onDone={onClear} />
      <button type="button" class="plain" onClick={onClear}>
        <Icon name="close" /> {texts.nodes.clear}
      </button>
    </div>
  );
}

/** The buttons, and the question of the one that was pressed. */
export function ActionButtons({
  nodes,
  onDone,
}: {
  readonly nodes: readonly NodeView[];
  readonly onDone: () => void;
}) {
  const [asked, setAsked] = useState<Action | 'rename'>();
  const [only] = nodes;
  const leave = (isDone: boolean) => {
    setAsked(undefined);
    if (isDone) onDone();
  };
  return (
    <div class="buttons">
      {ACTIONS.map((action) => (
        <button type="button" key={action} onClick={() => setAsked(action)}>
          {texts.actions[action]}
        </button>
      ))}
      {nodes.length === 1 ? (
        <button type="button" onClick={() => setAsked('rename')}>
          {texts.actions.rename}
        </button>
      ) : null}
      {asked === undefined || asked === 'rename' ? null : (
        <ActionDialog action={asked} nodes={nodes} onClose={leave} />
      )}
      {asked === 'rename' && only !== undefined ? (
        <RenameDialog node={only} onClose={leave} />
      ) : null}
    </div>
  );
}
